"use client";
import { recentWords } from "#components/api-keys/revoke-key-dialog.tsx";
import { describeProblem } from "#components/forms/describe-problem.ts";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { toast } from "#components/ui/toast.ts";
import { useMay } from "#components/viewer/viewer.tsx";
import type { ConsumerView } from "#lib/domain/consumer/schemas.ts";
import { useDeleteConsumer } from "#lib/query/consumers.ts";
import { useRecentCalls } from "#lib/query/usage-summary.ts";

/** Asks before a consumer goes with all its keys. */
export function DeleteConsumerDialog({
  consumer,
  onClose,
  onDeleted,
}: {
  consumer: ConsumerView;
  onClose: () => void;
  onDeleted?: () => void;
}) {
  const remove = useDeleteConsumer();
  const calls = useRecentCalls({ consumerId: consumer.id }, useMay("usage.read"));
  const keys = consumer.apiKeys === 1 ? "its key stops" : `its ${consumer.apiKeys} keys stop`;
  return (
    <ConfirmDialog
      isOpen
      onOpenChange={onClose}
      title={`Delete ${consumer.name}?`}
      consequence={
        <>
          It is gone for good{consumer.apiKeys === 0 ? "" : `, and ${keys} working at once`}. Its recorded calls stay.{" "}
          {calls === null ? null : recentWords(calls)}
        </>
      }
      confirmLabel="Delete consumer"
      nameToType={consumer.name}
      describeError={describeProblem}
      onConfirm={async () => {
        await remove.mutateAsync(consumer);
        toast.success(`${consumer.name} is deleted`);
        onDeleted?.();
      }}
    />
  );
}
