"use client";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useSavedToDraft } from "#components/revisions/use-saved-to-draft.ts";
import { PageHeader } from "#components/ui/page-header.tsx";
import { UpstreamForm } from "#components/upstreams/upstream-form.tsx";
import { newUpstreamValues, upstreamCreateBody } from "#components/upstreams/upstream-form-values.ts";
import { useCreateUpstream } from "#lib/query/upstreams.ts";

/** Makes an upstream in the draft. */
export function NewUpstreamClient() {
  const router = useRouter();
  const create = useCreateUpstream();
  const saved = useSavedToDraft();
  const [initial] = useState(newUpstreamValues);
  return (
    <>
      <PageHeader
        breadcrumb={
          <Link href="/upstreams" prefetch={false} className="hover:underline">
            Upstreams
          </Link>
        }
        title="New upstream"
        description="It is made in the draft. Routes send calls to it once both are published."
      />
      <UpstreamForm
        initial={initial}
        isNew
        submitLabel="Create upstream"
        onCancel={() => router.push("/upstreams")}
        onSubmit={async (values) => {
          const upstream = await create.mutateAsync(upstreamCreateBody(values));
          saved(`The upstream “${upstream.name}” is new.`);
          router.push(`/upstreams/${upstream.id}`);
        }}
      />
    </>
  );
}
