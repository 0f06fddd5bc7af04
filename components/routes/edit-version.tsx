"use client";
import { useLastEditor } from "#components/draft/use-last-editor.ts";
import { useRace } from "#components/forms/use-race.ts";
import { useSavedToDraft } from "#components/revisions/use-saved-to-draft.ts";
import { VersionForm } from "#components/routes/version-form.tsx";
import { nextVersion, servingBody, servingPatch, versionFormValues } from "#components/routes/version-form-values.ts";
import type { RouteView, VersionView } from "#lib/domain/route/schemas.ts";
import { useCreateVersion, useReadVersion, useUpdateVersion } from "#lib/query/routes.ts";

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
  const update = useUpdateVersion(route.id);
  const saved = useSavedToDraft();
  const reload = useReadVersion(route.id, version.version);
  const who = useLastEditor("route", route.id);
  const values = (state: VersionView) => versionFormValues(route.name, state);
  const { current, race } = useRace({ latest: version, values, reload, noun: "version", who });
  return (
    <VersionForm
      initial={values(current())}
      race={race}
      isNew={false}
      submitLabel="Save to the draft"
      onCancel={onClose}
      onSubmit={async (written) => {
        const base = current();
        await update.mutateAsync({ version: base.version, patch: servingPatch(written, base), etag: base.etag });
        saved(`${route.name}@${base.version} is changed.`);
        onClose();
      }}
    />
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
