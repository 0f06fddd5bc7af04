"use client";
import { RaceNotice } from "#components/revisions/race-notice.tsx";
import { useBaseline } from "#components/revisions/use-baseline.ts";
import { useSavedToDraft } from "#components/revisions/use-saved-to-draft.ts";
import { UpstreamForm } from "#components/upstreams/upstream-form.tsx";
import { upstreamFormValues, upstreamPatchBody } from "#components/upstreams/upstream-form-values.ts";
import type { UpstreamView } from "#lib/domain/upstream/schemas.ts";
import { useUpdateUpstream } from "#lib/query/upstreams.ts";

/** The form of an upstream that exists. */
export function EditUpstream({ upstream, onClose }: { upstream: UpstreamView; onClose: () => void }) {
  const baseline = useBaseline(upstream);
  const update = useUpdateUpstream(upstream.id);
  const saved = useSavedToDraft();
  return (
    <>
      <RaceNotice baseline={baseline} noun="upstream" />
      <UpstreamForm
        key={baseline.base.etag}
        initial={upstreamFormValues(baseline.base)}
        isNew={false}
        submitLabel="Save to the draft"
        onCancel={onClose}
        onSubmit={async (values) => {
          await update.mutateAsync({ patch: upstreamPatchBody(values), etag: baseline.base.etag });
          saved(`The upstream “${values.name}” is changed.`);
          onClose();
        }}
      />
    </>
  );
}
