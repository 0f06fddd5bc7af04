"use client";
import { describeProblem } from "#components/forms/describe-problem.ts";
import { useSavedToDraft } from "#components/revisions/use-saved-to-draft.ts";
import { callersOf, callersWords } from "#components/routes/version-callers.ts";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import type { RouteView, VersionView } from "#lib/domain/route/schemas.ts";
import { useRouteTraffic } from "#lib/query/route-traffic.ts";
import { useUpdateVersion } from "#lib/query/routes.ts";

/** Asks before a version stops answering. `version` null keeps the dialog closed. */
export function RetireVersion({
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
  const update = useUpdateVersion(route.id);
  const saved = useSavedToDraft();
  const number = version?.version ?? "";
  const successor = version?.successor;
  const told = successor ? ` and told to use ${successor}` : "";
  const callers = traffic.data ? callersWords(callersOf(traffic.data.groups, number)) : "";
  return (
    <ConfirmDialog
      isOpen={version !== null}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`Retire ${route.name}@${number}?`}
      consequence={`From the next publish on, calls that pin it are answered with 410${told}. ${callers}`}
      confirmLabel="Retire version"
      describeError={describeProblem}
      onConfirm={async () => {
        if (!version) return;
        await update.mutateAsync({ version: number, patch: { status: "retired" }, etag: version.etag });
        saved(`${route.name}@${number} is retired.`);
      }}
    />
  );
}
