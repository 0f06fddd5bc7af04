"use client";
import { exactNumber } from "#components/format/number.ts";
import { describeProblem } from "#components/forms/describe-problem.ts";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { toast } from "#components/ui/toast.ts";
import { useMay } from "#components/viewer/viewer.tsx";
import type { ApiKeyView } from "#lib/domain/api-key/schemas.ts";
import { useRevokeApiKey } from "#lib/query/api-keys.ts";
import { useRecentCalls } from "#lib/query/usage-summary.ts";

/** Asks before a key is revoked, and says whose calls will be refused. */
export function RevokeKeyDialog({
  apiKey,
  onClose,
  onRevoked,
}: {
  apiKey: ApiKeyView;
  onClose: () => void;
  onRevoked?: () => void;
}) {
  const revoke = useRevokeApiKey();
  const calls = useRecentCalls({ apiKeyId: apiKey.id }, useMay("usage.read"));
  return (
    <ConfirmDialog
      isOpen
      onOpenChange={onClose}
      title={`Revoke “${apiKey.name}”?`}
      consequence={
        <>
          {apiKey.consumerName} can no longer call with {apiKey.prefix}…{apiKey.last4}: within a second every node
          refuses it, for good. {calls === null ? null : recentWords(calls)}
        </>
      }
      confirmLabel="Revoke key"
      describeError={describeProblem}
      onConfirm={async () => {
        await revoke.mutateAsync(apiKey);
        toast.success(`“${apiKey.name}” is revoked`, { description: "Every node refuses it now." });
        onRevoked?.();
      }}
    />
  );
}

/** The calls of the last hour, as what a person should know before stopping them. */
export function recentWords(calls: number): string {
  if (calls === 0) return "It made no call in the last hour.";
  return `It made ${exactNumber(calls)} ${calls === 1 ? "call" : "calls"} in the last hour.`;
}
