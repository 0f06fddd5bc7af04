"use client";
import { Plus, Trash2 } from "lucide-react";
import { useFieldArray } from "react-hook-form";
import { z } from "zod";
import { useLastEditor } from "#components/draft/use-last-editor.ts";
import { toLocalInput } from "#components/format/local-input.ts";
import { FormInput, FormNumber, FormSelect } from "#components/forms/form-controls.tsx";
import { ResourceForm } from "#components/forms/resource-form.tsx";
import { useRace } from "#components/forms/use-race.ts";
import { type ResourceFormState, useResourceForm } from "#components/forms/use-resource-form.ts";
import { useSavedToDraft } from "#components/revisions/use-saved-to-draft.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import type { RouteView, VersionView } from "#lib/domain/route/schemas.ts";
import { useReadVersion, useUpdateVersion } from "#lib/query/routes.ts";

/** A select cannot hold an empty value; no version number looks like this. */
const none = "none";

const brownoutsMax = 10;

const Values = z.object({
  sunsetAt: z.string(),
  successor: z.string(),
  brownouts: z.array(
    z.object({
      startsAt: z.string().min(1, "Choose when it begins."),
      minutes: z.int("Enter whole minutes.").min(1, "At least 1 minute.").max(1_440, "At most a day."),
    }),
  ),
});
type Values = z.infer<typeof Values>;

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

function lifeValues({ sunsetAt, successor, brownouts }: VersionView): Values {
  return {
    sunsetAt: toLocalInput(sunsetAt),
    successor: successor ?? none,
    brownouts: brownouts.map(({ startsAt, durationSeconds }) => ({
      startsAt: toLocalInput(startsAt),
      minutes: Math.max(1, Math.round(durationSeconds / 60)),
    })),
  };
}

function DeprecateForm({ route, version, onClose }: { route: RouteView; version: VersionView; onClose: () => void }) {
  const update = useUpdateVersion(route.id);
  const saved = useSavedToDraft();
  const reload = useReadVersion(route.id, version.version);
  const who = useLastEditor("route", route.id);
  const { current, race } = useRace({ latest: version, values: lifeValues, reload, noun: "version", who });
  const others = route.versions.filter((other) => other.version !== version.version && other.status !== "retired");
  const state = useResourceForm({
    schema: Values,
    defaultValues: lifeValues(current()),
    race,
    onSubmit: async ({ sunsetAt, successor, brownouts }) => {
      const patch = {
        status: "deprecated",
        sunsetAt: sunsetAt === "" ? null : new Date(sunsetAt).toISOString(),
        successor: successor === none ? null : successor,
        brownouts: brownouts.map(({ startsAt, minutes }) => ({
          startsAt: new Date(startsAt).toISOString(),
          durationSeconds: minutes * 60,
        })),
      };
      await update.mutateAsync({ version: version.version, patch, etag: current().etag });
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
        hint="When it ends, in your time zone: from then on it answers 410 by itself."
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
      <Brownouts state={state} />
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" isPending={state.form.formState.isSubmitting}>
          Save to the draft
        </Button>
      </div>
    </ResourceForm>
  );
}

/** Short times in which the version answers as if it had ended: who still calls it notices before it does. */
function Brownouts({ state }: { state: ResourceFormState<Values, Values> }) {
  const rows = useFieldArray({ control: state.form.control, name: "brownouts" });
  return (
    <fieldset data-field="brownouts" className="flex flex-col gap-3">
      <legend className="mb-1 font-medium text-sm">Brown-outs</legend>
      <p className="text-muted text-xs">
        Short times before the sunset in which it answers 410, so that whoever still calls it notices.
      </p>
      {rows.fields.map((row, index) => (
        <div key={row.id} className="flex items-start gap-2">
          <div className="grid min-w-0 grow gap-3 sm:grid-cols-2">
            <FormInput
              state={state}
              name={`brownouts.${index}.startsAt`}
              label="Begins"
              input={{ type: "datetime-local" }}
            />
            <FormNumber
              state={state}
              name={`brownouts.${index}.minutes`}
              label="For"
              suffix="minutes"
              input={{ min: 1, step: 1 }}
            />
          </div>
          <Button
            variant="ghost"
            size="icon"
            className="mt-6"
            aria-label={`Remove brown-out ${index + 1}`}
            onClick={() => rows.remove(index)}
          >
            <Trash2 aria-hidden />
          </Button>
        </div>
      ))}
      {rows.fields.length < brownoutsMax ? (
        <Button size="sm" className="self-start" onClick={() => rows.append({ startsAt: "", minutes: 10 })}>
          <Plus aria-hidden />
          Add a brown-out
        </Button>
      ) : null}
    </fieldset>
  );
}
