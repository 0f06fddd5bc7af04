"use client";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { describeProblem, queryErrorState } from "#components/forms/describe-problem.ts";
import { StatusDot, type Tone } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { TitledCard } from "#components/ui/card.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Table, TableCell, TableHead, TableRow } from "#components/ui/table.tsx";
import { toast } from "#components/ui/toast.ts";
import { Truncate } from "#components/ui/truncate.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import type { JoinTokenView } from "#lib/domain/join-token/schemas.ts";
import type { NodeView } from "#lib/domain/node/schemas.ts";
import { useDeleteJoinToken, useJoinTokens } from "#lib/query/join-tokens.ts";

const tones: Record<JoinTokenView["state"], Tone> = {
  unused: "info",
  in_use: "info",
  used: "success",
  expired: "neutral",
};
const everyMs = 10_000;

/** The newest join tokens: which wait for a node, and which node took the others. */
export function JoinTokens({ nodes }: { nodes: readonly NodeView[] | undefined }) {
  const mayRead = useMay("joinToken.read");
  const query = useJoinTokens({ everyMs, isAllowed: mayRead });
  const [doomed, setDoomed] = useState<JoinTokenView | null>(null);
  if (!mayRead) return null;
  const tokens = query.data?.data;
  const error = tokens ? null : queryErrorState(query);
  return (
    <TitledCard
      title="Join tokens"
      description="Each lets one node join within ten minutes, or so many of a group within its time."
      isFlush
    >
      {error ? (
        <ErrorState {...error} />
      ) : tokens ? (
        <TokenTable tokens={tokens} nodes={nodes} onDelete={setDoomed} />
      ) : (
        <div role="status" aria-label="Loading join tokens" className="px-4 pb-4">
          <Skeleton className="h-8" />
        </div>
      )}
      <DeleteToken token={doomed} onClose={() => setDoomed(null)} />
    </TitledCard>
  );
}

function TokenTable({
  tokens,
  nodes,
  onDelete,
}: {
  tokens: readonly JoinTokenView[];
  nodes: readonly NodeView[] | undefined;
  onDelete: (token: JoinTokenView) => void;
}) {
  const mayWrite = useMay("joinToken.write");
  if (tokens.length === 0) return <p className="px-4 pb-4 text-muted text-sm">None yet.</p>;
  const nameOf = (id: string) => nodes?.find((node) => node.id === id)?.name ?? "a node that was removed";
  return (
    <Table aria-label="Join tokens">
      <thead>
        <tr>
          <TableHead>Name</TableHead>
          <TableHead className="max-sm:hidden">Group</TableHead>
          <TableHead>State</TableHead>
          <TableHead className="max-md:hidden">Made</TableHead>
          <TableHead className="max-md:hidden">Last used</TableHead>
          <TableHead className="max-sm:hidden">Expires</TableHead>
          {mayWrite ? (
            <TableHead>
              <span className="sr-only">Delete</span>
            </TableHead>
          ) : null}
        </tr>
      </thead>
      <tbody>
        {tokens.map((token) => (
          <TableRow key={token.id}>
            <TableCell className="max-w-40">
              <Truncate text={token.name} />
            </TableCell>
            <TableCell className="max-w-32 max-sm:hidden">
              <Truncate text={token.group} />
            </TableCell>
            <TableCell>
              <StatusDot tone={tones[token.state]}>{stateWords(token, nameOf)}</StatusDot>
            </TableCell>
            <TableCell className="max-md:hidden">
              <RelativeTime at={token.createdAt} />
            </TableCell>
            <TableCell className="max-md:hidden">
              <RelativeTime at={token.usedAt} />
            </TableCell>
            <TableCell className="max-sm:hidden">
              {token.state === "unused" || token.state === "in_use" ? <RelativeTime at={token.expiresAt} /> : null}
            </TableCell>
            {mayWrite ? (
              <TableCell className="w-10 text-right">
                <Button
                  variant="ghost"
                  size="icon-sm"
                  aria-label={`Delete the join token ${token.name}`}
                  onClick={() => onDelete(token)}
                >
                  <Trash2 aria-hidden />
                </Button>
              </TableCell>
            ) : null}
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}

/** "used by edge-1", "2 of 10 used, last by edge-2". */
function stateWords({ state, uses, usesMax, nodeId }: JoinTokenView, nameOf: (id: string) => string): string {
  if (usesMax === 1) return state === "used" && nodeId ? `used by ${nameOf(nodeId)}` : state;
  const last = nodeId ? `, last by ${nameOf(nodeId)}` : "";
  return `${uses} of ${usesMax} used${last}${state === "expired" ? ", expired" : ""}`;
}

const consequences: Record<JoinTokenView["state"], string> = {
  unused: "No node can join with it any more.",
  in_use: "No further node can join with it. Those that have joined stay.",
  used: "The node that joined with it stays; only this entry goes.",
  expired: "No node joined with it; only this entry goes.",
};

function DeleteToken({ token, onClose }: { token: JoinTokenView | null; onClose: () => void }) {
  const remove = useDeleteJoinToken();
  return (
    <ConfirmDialog
      isOpen={token !== null}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`Delete the join token “${token?.name ?? ""}”?`}
      consequence={token ? consequences[token.state] : ""}
      confirmLabel="Delete token"
      describeError={describeProblem}
      onConfirm={async () => {
        if (!token) return;
        await remove.mutateAsync({ id: token.id });
        toast.success("Join token deleted");
      }}
    />
  );
}
