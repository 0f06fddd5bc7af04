"use client";
import { Pencil, Trash2 } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { parseAsBoolean, useQueryState } from "nuqs";
import { useState } from "react";
import { HistoryButton } from "#components/draft/history-sheet.tsx";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { DraftNotice } from "#components/revisions/draft-notice.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { DeleteUpstream } from "#components/upstreams/delete-upstream.tsx";
import { DemoBadge } from "#components/upstreams/upstream-columns.tsx";
import { UpstreamDetail } from "#components/upstreams/upstream-detail.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import { useUpstream } from "#lib/query/upstreams.ts";
import UpstreamLoading from "./loading.tsx";

const EditUpstream = dynamic(() =>
  import("#components/upstreams/edit-upstream.tsx").then((module) => module.EditUpstream),
);

/** One upstream: where it is, its credentials and who uses it, or its form. */
export function UpstreamClient({ id }: { id: string }) {
  const router = useRouter();
  const mayWrite = useMay("upstream.write");
  const query = useUpstream(id);
  const [isEditing, setEditing] = useQueryState("edit", parseAsBoolean.withDefault(false));
  const [isDeleting, setDeleting] = useState(false);
  const upstream = query.data;
  if (!upstream) {
    const error = queryErrorState(query);
    return error ? (
      <Card>
        <ErrorState {...error} />
      </Card>
    ) : (
      <UpstreamLoading />
    );
  }
  const isForm = isEditing && mayWrite;
  return (
    <>
      <PageHeader
        breadcrumb={
          <Link href="/upstreams" prefetch={false} className="hover:underline">
            Upstreams
          </Link>
        }
        title={isForm ? `Edit ${upstream.name}` : upstream.name}
        status={upstream.isDemo ? <DemoBadge /> : null}
        description={upstream.isDemo ? "The built-in demo upstream: no real model answers here." : undefined}
        actions={
          isForm ? null : (
            <>
              <HistoryButton subject={{ resource: "upstream", id }} name={upstream.name} />
              {mayWrite ? (
                <>
                  <Button onClick={() => void setEditing(true)}>
                    <Pencil aria-hidden />
                    Edit
                  </Button>
                  <Button variant="danger-outline" onClick={() => setDeleting(true)}>
                    <Trash2 aria-hidden />
                    Delete
                  </Button>
                </>
              ) : null}
            </>
          )
        }
      />
      <DraftNotice resource="upstream" id={id} />
      {isForm ? (
        <EditUpstream upstream={upstream} onClose={() => void setEditing(null)} />
      ) : (
        <UpstreamDetail upstream={upstream} />
      )}
      <DeleteUpstream
        upstream={isDeleting ? upstream : null}
        onClose={() => setDeleting(false)}
        onDeleted={() => router.push("/upstreams")}
      />
    </>
  );
}
