"use client";
import { z } from "zod";
import { FormInput, FormSelect } from "#components/forms/form-controls.tsx";
import { ResourceForm } from "#components/forms/resource-form.tsx";
import { useResourceForm } from "#components/forms/use-resource-form.ts";
import { useSavedToDraft } from "#components/revisions/use-saved-to-draft.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import type { RouteView, VersionView } from "#lib/domain/route/schemas.ts";
import { useUpdateVersion } from "#lib/query/routes.ts";

/** A select cannot hold an empty value; no version number looks like this. */
const none = "none";

const Values = z.object({ sunsetAt: z.string(), successor: z.string() });

type Props = { route: RouteView; version: VersionView | null; onClose: () => void };

/** Deprecates a version, with when it is to end and what callers shall use instead. `version` null keeps it closed. */
export function DeprecateDialog({ route, version, onClose }: Props) {
  return (
    <Dialog
      isOpen={version !== null}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={version ? `Deprecate ${route.name}@${version.version}` : ""}
      description="It goes on answering. Its answers then carry Deprecation, Sunset and the successor as headers, so that callers hear of it."
    >
      {version ? <DeprecateForm key={version.id} route={route} version={version} onClose={onClose} /> : null}
    </Dialog>
  );
}

function DeprecateForm({ route, version, onClose }: { route: RouteView; version: VersionView; onClose: () => void }) {
  const update = useUpdateVersion(route.id);
  const saved = useSavedToDraft();
  const others = route.versions.filter((other) => other.version !== version.version && other.status !== "retired");
  const state = useResourceForm({
    schema: Values,
    defaultValues: { sunsetAt: toLocalInput(version.sunsetAt), successor: version.successor ?? none },
    onSubmit: async ({ sunsetAt, successor }) => {
      const patch = {
        status: "deprecated",
        sunsetAt: sunsetAt === "" ? null : new Date(sunsetAt).toISOString(),
        successor: successor === none ? null : successor,
      };
      await update.mutateAsync({ version: version.version, patch, etag: version.etag });
      saved(`${route.name}@${version.version} is deprecated.`);
      onClose();
    },
  });
  return (
    <ResourceForm state={state} submitLabel="" isFooterShown={false} isGuarded={false}>
      <FormInput
        state={state}
        name="sunsetAt"
        label="Sunset"
        isOptionalShown
        hint="When it is to end, in your time zone. It is announced, not carried out: retire the version yourself."
        input={{ type: "datetime-local" }}
      />
      <FormSelect
        state={state}
        name="successor"
        label="Successor"
        hint="What callers shall use instead."
        options={[
          { value: none, label: "None" },
          ...others.map((other) => ({ value: other.version, label: other.version })),
        ]}
      />
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" isPending={state.form.formState.isSubmitting}>
          Save to the draft
        </Button>
      </div>
    </ResourceForm>
  );
}

/** A moment as the value of a `datetime-local` box, in the viewer's zone. */
function toLocalInput(at: string | null): string {
  if (at === null) return "";
  const date = new Date(at);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
