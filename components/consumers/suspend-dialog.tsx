"use client";
import { z } from "zod";
import { recentWords } from "#components/api-keys/revoke-key-dialog.tsx";
import { FormTextarea } from "#components/forms/form-controls.tsx";
import { ResourceForm } from "#components/forms/resource-form.tsx";
import { useResourceForm } from "#components/forms/use-resource-form.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { toast } from "#components/ui/toast.ts";
import { useMay } from "#components/viewer/viewer.tsx";
import type { ConsumerView } from "#lib/domain/consumer/schemas.ts";
import { useUpdateConsumer } from "#lib/query/consumers.ts";
import { useRecentCalls } from "#lib/query/usage-summary.ts";

const formId = "suspend-consumer";
const Reason = z.object({
  suspendedReason: z.string().trim().min(1, "Say why, for whoever asks later.").max(500),
});

/** Stops a consumer with all its keys at once, with a reason for whoever asks later. */
export function SuspendDialog({ consumer, onClose }: { consumer: ConsumerView; onClose: () => void }) {
  const update = useUpdateConsumer();
  const calls = useRecentCalls({ consumerId: consumer.id }, useMay("usage.read"));
  const state = useResourceForm({
    schema: Reason,
    defaultValues: { suspendedReason: "" },
    onSubmit: async ({ suspendedReason }) => {
      await update.mutateAsync({ consumer, patch: { suspended: true, suspendedReason } });
      toast.success(`${consumer.name} is suspended`, { description: "Every node refuses its calls." });
      onClose();
    },
  });
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title={`Suspend ${consumer.name}?`}
      description={
        <>
          {keysWords(consumer.apiKeys)} refused with 403 on every node within a second, until it is resumed.{" "}
          {calls === null ? null : recentWords(calls)}
        </>
      }
      footer={
        <>
          <Button onClick={onClose} disabled={update.isPending}>
            Cancel
          </Button>
          <Button type="submit" form={formId} variant="danger" isPending={update.isPending}>
            Suspend consumer
          </Button>
        </>
      }
    >
      <ResourceForm id={formId} state={state} submitLabel="Suspend" isFooterShown={false} isGuarded={false}>
        <FormTextarea
          state={state}
          name="suspendedReason"
          label="Reason"
          isRequired
          hint="Shown on this page and in the audit. Callers do not see it."
          input={{ rows: 3, maxLength: 500 }}
        />
      </ResourceForm>
    </Dialog>
  );
}

/** How many keys stop, as the start of a sentence. */
function keysWords(count: number): string {
  if (count === 0) return "It has no keys yet; any made later are";
  return count === 1 ? "Its key is" : `Its ${count} keys are`;
}
