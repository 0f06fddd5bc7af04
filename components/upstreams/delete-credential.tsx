"use client";
import { describeProblem } from "#components/forms/describe-problem.ts";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { toast } from "#components/ui/toast.ts";
import type { CredentialView } from "#lib/domain/credential/schemas.ts";
import type { UpstreamView } from "#lib/domain/upstream/schemas.ts";
import { useDeleteCredential } from "#lib/query/credentials.ts";

/** Asks before a credential is destroyed. `credential` null keeps the dialog closed. */
export function DeleteCredential({
  credential,
  upstream,
  next,
  onClose,
}: {
  credential: CredentialView | null;
  upstream: UpstreamView;
  /** One of the others, which nodes go on with. */
  next: CredentialView | null;
  onClose: () => void;
}) {
  const remove = useDeleteCredential();
  const isOnly = next === null;
  return (
    <ConfirmDialog
      isOpen={credential !== null}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`Delete the credential “${credential?.name ?? ""}”?`}
      consequence={`Every node forgets it at once; no rollback brings it back. ${aftermath(upstream.name, next)}`}
      confirmLabel="Delete credential"
      {...(isOnly && credential ? { nameToType: credential.name } : {})}
      describeError={describeProblem}
      onConfirm={async () => {
        if (!credential) return;
        await remove.mutateAsync({ id: credential.id, etag: credential.etag });
        toast.success("Credential deleted", { description: `“${credential.name}” of “${upstream.name}”.` });
      }}
    />
  );
}

function aftermath(upstreamName: string, next: CredentialView | null): string {
  if (next === null)
    return `It is the only one: from then on nodes call “${upstreamName}” without a credential, and a provider that wants one refuses.`;
  return `Nodes go on with the others, such as “${next.name}”.`;
}
