"use client";
import { FormInput, FormTextarea } from "#components/forms/form-controls.tsx";
import { ResourceForm } from "#components/forms/resource-form.tsx";
import { useResourceForm } from "#components/forms/use-resource-form.ts";
import { RateLimitRows } from "#components/plans/rate-limit-rows.tsx";
import { RateLimitBoxes, rateLimitBoxes, setRateLimits } from "#components/plans/rate-limit-values.ts";
import { RaceNotice } from "#components/revisions/race-notice.tsx";
import { useBaseline } from "#components/revisions/use-baseline.ts";
import { useSavedToDraft } from "#components/revisions/use-saved-to-draft.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { RoutePatch, type RouteView } from "#lib/domain/route/schemas.ts";
import { useUpdateRoute } from "#lib/query/routes.ts";

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

function RenameForm({ route, onClose }: { route: RouteView; onClose: () => void }) {
  const baseline = useBaseline(route);
  return (
    <>
      <RaceNotice baseline={baseline} noun="route" />
      <NameForm key={baseline.base.etag} route={baseline.base} onClose={onClose} />
    </>
  );
}

function NameForm({ route, onClose }: { route: RouteView; onClose: () => void }) {
  const update = useUpdateRoute(route.id);
  const saved = useSavedToDraft();
  const state = useResourceForm({
    schema: Values,
    defaultValues: {
      name: route.name,
      description: route.description,
      rateLimits: rateLimitBoxes(route.rateLimits),
    },
    onSubmit: async (values) => {
      const patch = { ...values, rateLimits: setRateLimits(values.rateLimits) };
      await update.mutateAsync({ patch, etag: route.etag });
      saved(`The route “${values.name}” is changed.`);
      onClose();
    },
  });
  const isRenamed = state.form.watch("name") !== route.name;
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
