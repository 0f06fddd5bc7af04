"use client";
import { useLastEditor } from "#components/draft/use-last-editor.ts";
import { useRace } from "#components/forms/use-race.ts";
import { useSavedToDraft } from "#components/revisions/use-saved-to-draft.ts";
import { UpstreamForm } from "#components/upstreams/upstream-form.tsx";
import { upstreamFormValues, upstreamPatchBody } from "#components/upstreams/upstream-form-values.ts";
import type { UpstreamView } from "#lib/domain/upstream/schemas.ts";
import { useReadUpstream, useUpdateUpstream } from "#lib/query/upstreams.ts";

/** The form of an upstream that exists. */
export function EditUpstream({ upstream, onClose }: { upstream: UpstreamView; onClose: () => void }) {
  const update = useUpdateUpstream(upstream.id);
  const saved = useSavedToDraft();
  const reload = useReadUpstream(upstream.id);
  const who = useLastEditor("upstream", upstream.id);
  const { current, race } = useRace({ latest: upstream, values: upstreamFormValues, reload, noun: "upstream", who });
  return (
    <UpstreamForm
      initial={upstreamFormValues(current())}
      race={race}
      isNew={false}
      submitLabel="Save to the draft"
      onCancel={onClose}
      onSubmit={async (values) => {
        await update.mutateAsync({ patch: upstreamPatchBody(values), etag: current().etag });
        saved(`The upstream “${values.name}” is changed.`);
        onClose();
      }}
    />
  );
}
