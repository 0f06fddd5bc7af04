"use client";
import { describeProblem } from "#components/forms/describe-problem.ts";
import { useSavedToDraft } from "#components/revisions/use-saved-to-draft.ts";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { routesUsing } from "#components/upstreams/routes-using.ts";
import { useMay } from "#components/viewer/viewer.tsx";
import type { UpstreamView } from "#lib/domain/upstream/schemas.ts";
import { useEveryRoute } from "#lib/query/routes.ts";
import { useDeleteUpstream } from "#lib/query/upstreams.ts";

/** Asks before an upstream leaves the draft. `upstream` null keeps the dialog closed. */
export function DeleteUpstream({
  upstream,
  onClose,
  onDeleted,
}: {
  upstream: UpstreamView | null;
  onClose: () => void;
  onDeleted?: () => void;
}) {
  const mayReadRoutes = useMay("route.read");
  const { data: routes } = useEveryRoute(mayReadRoutes && upstream !== null);
  const remove = useDeleteUpstream();
  const saved = useSavedToDraft();
  const users = upstream && routes ? [...new Set(routesUsing(routes, upstream.id).map((use) => use.route.name))] : [];
  return (
    <ConfirmDialog
      isOpen={upstream !== null}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`Delete the upstream “${upstream?.name ?? ""}”?`}
      consequence={consequence(users)}
      confirmLabel="Delete upstream"
      describeError={describeProblem}
      onConfirm={async () => {
        if (!upstream) return;
        await remove.mutateAsync({ id: upstream.id, etag: upstream.etag });
        saved(`The upstream “${upstream.name}” is taken out.`);
        onDeleted?.();
      }}
    />
  );
}

const namedMax = 5;

function consequence(users: readonly string[]): string {
  const later = "Nodes call it until the next publish; its credentials stay until they are deleted.";
  if (users.length === 0) return `No route uses it. ${later}`;
  const named = users.slice(0, namedMax).join(", ");
  const rest = users.length > namedMax ? ` and ${users.length - namedMax} more` : "";
  return `Used by ${named}${rest}: until their targets go elsewhere, the draft cannot be published. ${later}`;
}
