"use client";
import { describeProblem } from "#components/forms/describe-problem.ts";
import { useSavedToDraft } from "#components/revisions/use-saved-to-draft.ts";
import { callersOf, callersWords } from "#components/routes/version-callers.ts";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import type { RouteView, VersionView } from "#lib/domain/route/schemas.ts";
import { useRouteTraffic } from "#lib/query/route-traffic.ts";
import { useDeleteVersion } from "#lib/query/routes.ts";

/** Asks before a version leaves the draft. `version` null keeps the dialog closed. */
export function DeleteVersion({
  route,
  version,
  onClose,
}: {
  route: RouteView;
  version: VersionView | null;
  onClose: () => void;
}) {
  const mayReadUsage = useMay("usage.read");
  const traffic = useRouteTraffic(version ? route.name : null, { isAllowed: mayReadUsage });
  const remove = useDeleteVersion(route.id);
  const saved = useSavedToDraft();
  const number = version?.version ?? "";
  const callers = traffic.data ? callersWords(callersOf(traffic.data.groups, number)) : "";
  return (
    <ConfirmDialog
      isOpen={version !== null}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`Delete ${route.name}@${number}?`}
      consequence={`From the next publish on, calls that pin it are answered with 404. Retire it instead to send callers to its successor. ${callers}`}
      confirmLabel="Delete version"
      describeError={describeProblem}
      onConfirm={async () => {
        if (!version) return;
        await remove.mutateAsync({ version: number, etag: version.etag });
        saved(`${route.name}@${number} is taken out.`);
      }}
    />
  );
}
