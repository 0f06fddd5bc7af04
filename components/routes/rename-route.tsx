"use client";
import type { z } from "zod";
import { useLastEditor } from "#components/draft/use-last-editor.ts";
import { FormInput, FormTextarea } from "#components/forms/form-controls.tsx";
import { ResourceForm } from "#components/forms/resource-form.tsx";
import { useRace } from "#components/forms/use-race.ts";
import { useResourceForm } from "#components/forms/use-resource-form.ts";
import { RateLimitRows } from "#components/plans/rate-limit-rows.tsx";
import { RateLimitBoxes, rateLimitBoxes, setRateLimits } from "#components/plans/rate-limit-values.ts";
import { useSavedToDraft } from "#components/revisions/use-saved-to-draft.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { RoutePatch, type RouteView } from "#lib/domain/route/schemas.ts";
import { useReadRoute, useUpdateRoute } from "#lib/query/routes.ts";

const Values = RoutePatch.pick({ name: true }).extend({
  description: RoutePatch.shape.description.unwrap(),
  rateLimits: RateLimitBoxes,
});

/** Changes what a route is called, its description and its limits. */
export function RenameRoute({ route, isOpen, onClose }: { route: RouteView; isOpen: boolean; onClose: () => void }) {
  return (
    <Dialog isOpen={isOpen} onOpenChange={(next) => !next && onClose()} title={`Name and limits of “${route.name}”`}>
      {isOpen ? <RenameForm route={route} onClose={onClose} /> : null}
    </Dialog>
  );
}

function nameValues(route: RouteView): z.input<typeof Values> {
  return { name: route.name, description: route.description, rateLimits: rateLimitBoxes(route.rateLimits) };
}

function RenameForm({ route, onClose }: { route: RouteView; onClose: () => void }) {
  const update = useUpdateRoute(route.id);
  const saved = useSavedToDraft();
  const reload = useReadRoute(route.id);
  const who = useLastEditor("route", route.id);
  const { current, race } = useRace({ latest: route, values: nameValues, reload, noun: "route", who });
  const state = useResourceForm({
    schema: Values,
    defaultValues: nameValues(current()),
    race,
    onSubmit: async (values) => {
      const patch = { ...values, rateLimits: setRateLimits(values.rateLimits) };
      await update.mutateAsync({ patch, etag: current().etag });
      saved(`The route “${values.name}” is changed.`);
      onClose();
    },
  });
  const isRenamed = state.form.watch("name") !== current().name;
  return (
    <ResourceForm state={state} submitLabel="" isFooterShown={false} isGuarded={false}>
      <FormInput state={state} name="name" label="Name" isRequired input={{ autoComplete: "off", spellCheck: false }} />
      {isRenamed ? (
        <Notice tone="warning">
          Callers that write “{route.name}” get 404 once this is published, and plans that name it must be changed too.
        </Notice>
      ) : null}
      <FormTextarea state={state} name="description" label="Description" isOptionalShown input={{ rows: 3 }} />
      <RateLimitRows state={state} owner="route" />
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" isPending={state.form.formState.isSubmitting}>
          Save to the draft
        </Button>
      </div>
    </ResourceForm>
  );
}
