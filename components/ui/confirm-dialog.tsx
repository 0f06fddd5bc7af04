"use client";
import { type ReactNode, useEffect, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Notice } from "#components/ui/notice.tsx";

export type ConfirmDialogProps = {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  /** Verb and thing: `Revoke "prod"?` */
  title: string;
  /** What will stop working: "3 keys, 1,204 calls in the last hour". */
  consequence: ReactNode;
  /** The verb on the button: "Revoke key". */
  confirmLabel: string;
  /** If set, the person must type this first. */
  nameToType?: string;
  isDestructive?: boolean;
  /** Resolves when done (the dialog closes) or rejects (its message stays in the dialog). */
  onConfirm: () => Promise<void>;
  /** Public words for a failure; the default never shows an unknown error's own message. */
  describeError?: (error: unknown) => string;
};

const failureWords = () => "That did not work. Nothing was changed; try again.";

/** Asks before a deed that hurts, by naming the thing and what will stop working. */
export function ConfirmDialog({
  isOpen,
  onOpenChange,
  title,
  consequence,
  confirmLabel,
  nameToType,
  isDestructive = true,
  onConfirm,
  describeError = failureWords,
}: ConfirmDialogProps) {
  const [typed, setTyped] = useState("");
  const [isPending, setPending] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    if (isOpen) {
      setTyped("");
      setFailure(null);
    }
  }, [isOpen]);
  const isBlocked = nameToType !== undefined && typed !== nameToType;
  const confirm = async () => {
    if (isBlocked || isPending) return;
    setPending(true);
    setFailure(null);
    try {
      await onConfirm();
      onOpenChange(false);
    } catch (error) {
      setFailure(describeError(error));
    } finally {
      setPending(false);
    }
  };
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={(next) => !isPending && onOpenChange(next)}
      title={title}
      description={consequence}
      size="sm"
      footer={
        <>
          <Button onClick={() => onOpenChange(false)} disabled={isPending}>
            Cancel
          </Button>
          <Button
            variant={isDestructive ? "danger" : "primary"}
            onClick={confirm}
            disabled={isBlocked}
            isPending={isPending}
          >
            {confirmLabel}
          </Button>
        </>
      }
    >
      {nameToType === undefined && failure === null ? null : (
        <form
          className="flex flex-col gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            void confirm();
          }}
        >
          {nameToType === undefined ? null : (
            <Field
              label={
                <>
                  Type <code className="break-all rounded-sm bg-subtle px-1 py-0.5 text-xs">{nameToType}</code> to
                  confirm
                </>
              }
            >
              {(control) => (
                <Input
                  {...control}
                  autoComplete="off"
                  spellCheck={false}
                  value={typed}
                  onChange={(event) => setTyped(event.target.value)}
                />
              )}
            </Field>
          )}
          {failure ? <Notice tone="danger">{failure}</Notice> : null}
        </form>
      )}
    </Dialog>
  );
}
