"use client";
import { describeProblem } from "#components/forms/describe-problem.ts";
import { useSavedToDraft } from "#components/revisions/use-saved-to-draft.ts";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import type { RouteView, VersionView } from "#lib/domain/route/schemas.ts";
import { useUpdateRoute } from "#lib/query/routes.ts";

/** Asks before calls without a pin go to another version. `version` null keeps the dialog closed. */
export function MakeDefault({
  route,
  version,
  onClose,
}: {
  route: RouteView;
  version: VersionView | null;
  onClose: () => void;
}) {
  const update = useUpdateRoute(route.id);
  const saved = useSavedToDraft();
  return (
    <ConfirmDialog
      isOpen={version !== null}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`Make ${version?.version ?? ""} the default of “${route.name}”?`}
      consequence={`From the next publish on, calls that pin no version get ${version?.version ?? ""} instead of ${route.defaultVersion}.`}
      confirmLabel="Make default"
      isDestructive={false}
      describeError={describeProblem}
      onConfirm={async () => {
        if (!version) return;
        await update.mutateAsync({ patch: { defaultVersion: version.version }, etag: route.etag });
        saved(`The default of “${route.name}” is ${version.version}.`);
      }}
    />
  );
}
