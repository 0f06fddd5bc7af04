"use client";
import { describeProblem } from "#components/forms/describe-problem.ts";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { toast } from "#components/ui/toast.ts";
import type { ManagementTokenView } from "#lib/domain/management-token/schemas.ts";
import { useRevokeManagementToken } from "#lib/query/management-tokens.ts";

/** Asks before a management token is revoked, and says when it was last seen at work. */
export function RevokeTokenDialog({ token, onClose }: { token: ManagementTokenView; onClose: () => void }) {
  const revoke = useRevokeManagementToken();
  return (
    <ConfirmDialog
      isOpen
      onOpenChange={onClose}
      title={`Revoke “${token.name}”?`}
      consequence={
        <>
          Whatever calls the management API with {token.prefix}…{token.last4} is refused from its next request on, for
          good. Last used: <RelativeTime at={token.lastUsedAt} />.
        </>
      }
      confirmLabel="Revoke token"
      describeError={describeProblem}
      onConfirm={async () => {
        await revoke.mutateAsync(token);
        toast.success(`“${token.name}” is revoked`);
      }}
    />
  );
}
