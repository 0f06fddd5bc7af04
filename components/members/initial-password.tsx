"use client";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { SecretOnce } from "#components/ui/secret-once.tsx";

/** A password that was made for somebody, at the only moment it can be shown. */
export function InitialPassword({
  title,
  email,
  password,
  onClose,
}: {
  title: string;
  email: string;
  password: string;
  onClose: () => void;
}) {
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      isDismissable={false}
      title={title}
      description={`Pass this on to ${email} over a channel you trust.`}
      footer={
        <Button variant="primary" onClick={onClose}>
          I have copied it
        </Button>
      }
    >
      <SecretOnce label="First password" secret={password} />
    </Dialog>
  );
}
