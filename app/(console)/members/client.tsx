"use client";
import { Plus } from "lucide-react";
import dynamic from "next/dynamic";
import { useQueryStates } from "nuqs";
import { MemberTable } from "#components/members/member-table.tsx";
import { RoleMatrix } from "#components/members/role-matrix.tsx";
import { Button } from "#components/ui/button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Tabs } from "#components/ui/tabs.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import { memberFilters } from "./search-params.ts";

const AddMemberDialog = dynamic(
  () => import("#components/members/add-member-dialog.tsx").then((module) => module.AddMemberDialog),
  { ssr: false },
);

/** Everybody who may sign in, and what each role lets them do. */
export function MembersClient() {
  const [filters, setFilters] = useQueryStates(memberFilters);
  const mayWrite = useMay("user.write");
  const addButton = mayWrite ? (
    <Button variant="primary" onClick={() => void setFilters({ new: true })}>
      <Plus aria-hidden />
      Add member
    </Button>
  ) : null;
  return (
    <>
      <PageHeader
        title="Members"
        description="People who may sign in to this console, and what their role lets them do."
        actions={addButton}
      />
      <Tabs
        label="Members and roles"
        value={filters.tab}
        onValueChange={(tab) => void setFilters({ tab: tab === "roles" ? "roles" : null })}
        tabs={[
          {
            value: "people",
            label: "People",
            content: (
              <MemberTable
                role={filters.role}
                onRoleChange={(role) => void setFilters({ role })}
                addButton={addButton}
              />
            ),
          },
          { value: "roles", label: "Roles", content: <RoleMatrix /> },
        ]}
      />
      {filters.new && mayWrite ? <AddMemberDialog onClose={() => void setFilters({ new: null })} /> : null}
    </>
  );
}
