"use client";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { GroupForm } from "#components/node-groups/group-form.tsx";
import { newGroupValues } from "#components/node-groups/group-form-values.ts";
import { PageHeader } from "#components/ui/page-header.tsx";
import { toast } from "#components/ui/toast.ts";
import { useCreateNodeGroup } from "#lib/query/node-groups.ts";

/** Makes a group of nodes. */
export function NewGroupClient() {
  const router = useRouter();
  const create = useCreateNodeGroup();
  return (
    <>
      <PageHeader
        breadcrumb={
          <Link href="/nodes" prefetch={false} className="hover:underline">
            Nodes
          </Link>
        }
        title="New group of nodes"
        description="Nodes come into it with a join token of the group."
      />
      <GroupForm
        initial={newGroupValues}
        isNew
        submitLabel="Create group"
        onCancel={() => router.push("/nodes")}
        onSubmit={async (values) => {
          const group = await create.mutateAsync(values);
          toast.success("Group created", { description: `Nodes can join “${group.name}” now.` });
          router.push(`/nodes/groups/${group.id}`);
        }}
      />
    </>
  );
}
