"use client";
import { RaceNotice } from "#components/revisions/race-notice.tsx";
import { useBaseline } from "#components/revisions/use-baseline.ts";
import { useSavedToDraft } from "#components/revisions/use-saved-to-draft.ts";
import { VersionForm } from "#components/routes/version-form.tsx";
import { nextVersion, servingBody, servingPatch, versionFormValues } from "#components/routes/version-form-values.ts";
import type { RouteView, VersionView } from "#lib/domain/route/schemas.ts";
import { useCreateVersion, useUpdateVersion } from "#lib/query/routes.ts";

/** The form of a version that exists. */
export function EditVersion({
  route,
  version,
  onClose,
}: {
  route: RouteView;
  version: VersionView;
  onClose: () => void;
}) {
  const baseline = useBaseline(version);
  const update = useUpdateVersion(route.id);
  const saved = useSavedToDraft();
  return (
    <>
      <RaceNotice baseline={baseline} noun="version" />
      <VersionForm
        key={baseline.base.etag}
        initial={versionFormValues(route.name, baseline.base)}
        isNew={false}
        submitLabel="Save to the draft"
        onCancel={onClose}
        onSubmit={async (values) => {
          const { version: number, etag } = baseline.base;
          await update.mutateAsync({ version: number, patch: servingPatch(values, baseline.base), etag });
          saved(`${route.name}@${number} is changed.`);
          onClose();
        }}
      />
    </>
  );
}

/** The form of a further version, which starts as a copy of another. */
export function CopyVersion({
  route,
  from,
  onClose,
  onCreated,
}: {
  route: RouteView;
  from: VersionView;
  onClose: () => void;
  onCreated: (version: string) => void;
}) {
  const create = useCreateVersion(route.id);
  const saved = useSavedToDraft();
  const newest = route.versions[0]?.version ?? from.version;
  return (
    <VersionForm
      initial={versionFormValues(route.name, from, nextVersion(newest))}
      isNew
      submitLabel="Create version"
      onCancel={onClose}
      onSubmit={async (values) => {
        await create.mutateAsync({ version: values.version, ...servingBody(values) });
        saved(`${route.name}@${values.version} is new.`);
        onCreated(values.version);
      }}
    />
  );
}
