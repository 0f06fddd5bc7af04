"use client";
import { formatNumber } from "#components/format/number.ts";
import { describeProblem } from "#components/forms/describe-problem.ts";
import { useSavedToDraft } from "#components/revisions/use-saved-to-draft.ts";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import type { RouteView } from "#lib/domain/route/schemas.ts";
import { useRouteTraffic } from "#lib/query/route-traffic.ts";
import { useDeleteRoute } from "#lib/query/routes.ts";

/** Asks before a route leaves the draft. `route` null keeps the dialog closed. */
export function DeleteRoute({
  route,
  onClose,
  onDeleted,
}: {
  route: RouteView | null;
  onClose: () => void;
  onDeleted?: () => void;
}) {
  const mayReadUsage = useMay("usage.read");
  const traffic = useRouteTraffic(route?.name ?? null, { isAllowed: mayReadUsage });
  const remove = useDeleteRoute();
  const saved = useSavedToDraft();
  return (
    <ConfirmDialog
      isOpen={route !== null}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`Delete the route “${route?.name ?? ""}”?`}
      consequence={consequence(route, traffic.data?.totals.requests)}
      confirmLabel="Delete route"
      describeError={describeProblem}
      onConfirm={async () => {
        if (!route) return;
        await remove.mutateAsync({ id: route.id, etag: route.etag });
        saved(`The route “${route.name}” is taken out.`);
        onDeleted?.();
      }}
    />
  );
}

function consequence(route: RouteView | null, callsOfDay: number | undefined): string {
  const versions = route?.versions.length ?? 0;
  const what = `It leaves the draft with ${versions === 1 ? "its version" : `its ${versions} versions`}; from the next publish on, calls to it are answered with 404.`;
  if (callsOfDay === undefined) return what;
  return callsOfDay === 0
    ? `${what} Nobody called it in the last 24 hours.`
    : `${what} ${formatNumber(callsOfDay)} ${callsOfDay === 1 ? "call" : "calls"} in the last 24 hours.`;
}
