"use client";
import { Pencil, Trash2 } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { parseAsBoolean, useQueryState } from "nuqs";
import { useState } from "react";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { DeleteGroup } from "#components/node-groups/delete-group.tsx";
import { GroupDetail } from "#components/node-groups/group-detail.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import { useNodeGroup } from "#lib/query/node-groups.ts";
import GroupLoading from "./loading.tsx";

const EditGroup = dynamic(() => import("#components/node-groups/edit-group.tsx").then((module) => module.EditGroup));

/** One group of nodes: its load, its policy and its story, or its form. */
export function GroupClient({ id }: { id: string }) {
  const router = useRouter();
  const mayWrite = useMay("nodeGroup.write");
  const query = useNodeGroup(id);
  const [isEditing, setEditing] = useQueryState("edit", parseAsBoolean.withDefault(false));
  const [isDeleting, setDeleting] = useState(false);
  const group = query.data;
  if (!group) {
    const error = queryErrorState(query);
    return error ? (
      <Card>
        <ErrorState {...error} />
      </Card>
    ) : (
      <GroupLoading />
    );
  }
  const isForm = isEditing && mayWrite;
  return (
    <>
      <PageHeader
        breadcrumb={
          <Link href="/nodes" prefetch={false} className="hover:underline">
            Nodes
          </Link>
        }
        title={isForm ? `Edit ${group.name}` : group.name}
        description={isForm ? undefined : group.description}
        actions={
          isForm || !mayWrite ? null : (
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
          )
        }
      />
      {isForm ? <EditGroup group={group} onClose={() => void setEditing(null)} /> : <GroupDetail group={group} />}
      <DeleteGroup
        group={isDeleting ? group : null}
        onClose={() => setDeleting(false)}
        onDeleted={() => router.push("/nodes")}
      />
    </>
  );
}
