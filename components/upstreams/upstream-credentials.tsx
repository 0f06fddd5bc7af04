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
 * Nodes use the newest one.
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
        <CredentialRows credentials={credentials} onOpen={mayWrite ? setOpen : null} />
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
        isInUse={open?.kind === "delete" && credentials?.[0]?.id === open.credential.id}
        onClose={close}
      />
    </TitledCard>
  );
}

function CredentialRows({
  credentials,
  onOpen,
}: {
  credentials: readonly CredentialView[];
  onOpen: ((open: Open) => void) | null;
}) {
  if (credentials.length === 0) {
    return <p className="px-4 pb-4 text-muted text-sm">None: nodes call this upstream without a credential.</p>;
  }
  return (
    <ul aria-label="Credentials" className="divide-y divide-line border-line border-t">
      {credentials.map((credential, place) => (
        <li key={credential.id} className="flex items-center gap-3 px-4 py-2 text-sm">
          <KeyRound className="size-4 shrink-0 text-faint" aria-hidden />
          <div className="min-w-0 grow">
            <Truncate text={credential.name} className="font-medium" />
            <p className="text-muted text-xs">
              API key {credential.last4 === "" ? null : <code>…{credential.last4}</code>}, changed{" "}
              <RelativeTime at={credential.updatedAt} />
            </p>
          </div>
          {credentials.length > 1 ? (
            <StatusDot tone={place === 0 ? "success" : "neutral"}>{place === 0 ? "in use" : "spare"}</StatusDot>
          ) : null}
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
