"use client";
import { describeProblem } from "#components/forms/describe-problem.ts";
import { useSavedToDraft } from "#components/revisions/use-saved-to-draft.ts";
import { toast } from "#components/ui/toast.ts";
import type { RouteView, VersionView } from "#lib/domain/route/schemas.ts";
import { useUpdateVersion } from "#lib/query/routes.ts";

/** Takes a deprecation or a retirement back, in the draft. */
export function useReactivate(route: RouteView): (version: VersionView) => Promise<void> {
  const update = useUpdateVersion(route.id);
  const saved = useSavedToDraft();
  return async ({ version, etag }) => {
    const patch = { status: "active", deprecatedAt: null, sunsetAt: null, successor: null, brownouts: [] };
    try {
      await update.mutateAsync({ version, patch, etag });
      saved(`${route.name}@${version} is active again.`);
    } catch (error) {
      toast.error("Nothing was changed", { description: describeProblem(error) });
    }
  };
}
