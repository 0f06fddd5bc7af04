"use client";
import { KeyRound, Plus } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { RowMenu } from "#components/data-table/row-menu.tsx";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { StatusDot } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { TitledCard } from "#components/ui/card.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Truncate } from "#components/ui/truncate.tsx";
import { DeleteCredential } from "#components/upstreams/delete-credential.tsx";
import { credentialKindWords } from "#components/upstreams/provider-words.ts";
import { useMay } from "#components/viewer/viewer.tsx";
import type { CredentialView } from "#lib/domain/credential/schemas.ts";
import type { UpstreamView } from "#lib/domain/upstream/schemas.ts";
import { useCredentials } from "#lib/query/credentials.ts";

const CredentialDialog = dynamic(
  () => import("#components/upstreams/credential-dialog.tsx").then((module) => module.CredentialDialog),
  { ssr: false },
);

type Open = { kind: "add" } | { kind: "replace" | "delete"; credential: CredentialView } | null;

/**
 * The credentials of an upstream: added, replaced and deleted, never shown. Not part of the draft: they hold at once.
 * Nodes use all of them in turns.
 */
export function UpstreamCredentials({ upstream }: { upstream: UpstreamView }) {
  const mayRead = useMay("credential.read");
  const mayWrite = useMay("credential.write");
  const query = useCredentials(upstream.id, mayRead);
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  if (!mayRead) return null;
  const error = queryErrorState(query);
  const credentials = query.data?.data;
  return (
    <TitledCard
      title="Credentials"
      description="Not in the draft: in force at once. Secrets cannot be read back."
      actions={
        mayWrite ? (
          <Button size="sm" onClick={() => setOpen({ kind: "add" })}>
            <Plus aria-hidden />
            Add
          </Button>
        ) : null
      }
      isFlush
    >
      {credentials ? (
        <CredentialRows credentials={credentials} resting={restingIn(upstream)} onOpen={mayWrite ? setOpen : null} />
      ) : error ? (
        <ErrorState {...error} />
      ) : (
        <div role="status" aria-label="Loading credentials" className="px-4 pb-4">
          <Skeleton className="h-8" />
        </div>
      )}
      {open?.kind === "add" || open?.kind === "replace" ? (
        <CredentialDialog
          upstream={upstream}
          replaced={open.kind === "replace" ? open.credential : null}
          isOpen
          onClose={close}
        />
      ) : null}
      <DeleteCredential
        credential={open?.kind === "delete" ? open.credential : null}
        upstream={upstream}
        next={credentials?.find((other) => open?.kind === "delete" && other.id !== open.credential.id) ?? null}
        onClose={close}
      />
    </TitledCard>
  );
}

/** How many online nodes let each credential rest, because the upstream refused it. */
function restingIn({ standing = [] }: UpstreamView): ReadonlyMap<string, number> {
  const resting = new Map<string, number>();
  for (const { subject, id } of standing) {
    if (subject === "credential") resting.set(id, (resting.get(id) ?? 0) + 1);
  }
  return resting;
}

function CredentialState({ restingAt }: { restingAt: number }) {
  if (restingAt === 0) return <StatusDot tone="success">in use</StatusDot>;
  return <StatusDot tone="danger">{`refused on ${restingAt} ${restingAt === 1 ? "node" : "nodes"}`}</StatusDot>;
}

function CredentialRows({
  credentials,
  resting,
  onOpen,
}: {
  credentials: readonly CredentialView[];
  /** By credential, how many nodes let it rest because it was refused. */
  resting: ReadonlyMap<string, number>;
  onOpen: ((open: Open) => void) | null;
}) {
  if (credentials.length === 0) {
    return <p className="px-4 pb-4 text-muted text-sm">None: nodes call this upstream without a credential.</p>;
  }
  return (
    <ul aria-label="Credentials" className="divide-y divide-line border-line border-t">
      {credentials.map((credential) => (
        <li key={credential.id} className="flex items-center gap-3 px-4 py-2 text-sm">
          <KeyRound className="size-4 shrink-0 text-faint" aria-hidden />
          <div className="min-w-0 grow">
            <Truncate text={credential.name} className="font-medium" />
            <p className="text-muted text-xs">
              {credentialKindWords(credential.kind)} {credential.last4 === "" ? null : <code>…{credential.last4}</code>}
              , changed <RelativeTime at={credential.updatedAt} />
            </p>
          </div>
          <CredentialState restingAt={resting.get(credential.id) ?? 0} />
          {onOpen ? (
            <RowMenu
              label={`Actions for ${credential.name}`}
              actions={[
                { label: "Replace…", onSelect: () => onOpen({ kind: "replace", credential }) },
                { label: "Delete…", isDestructive: true, onSelect: () => onOpen({ kind: "delete", credential }) },
              ]}
            />
          ) : null}
        </li>
      ))}
    </ul>
  );
}
