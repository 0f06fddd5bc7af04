"use client";
import { Users } from "lucide-react";
import { useRouter } from "next/navigation";
import { type ReactNode, useState } from "react";
import { currentRow } from "#components/data-table/current-row.ts";
import { DataTable } from "#components/data-table/data-table.tsx";
import { useTableState } from "#components/data-table/use-table-state.ts";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { memberColumns } from "#components/members/member-columns.tsx";
import {
  type MemberDeed,
  MemberDeedDialog,
  memberActions,
  useEnableMember,
  useMayChange,
} from "#components/members/member-deeds.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Select } from "#components/ui/select.tsx";
import { useMay, useViewer } from "#components/viewer/viewer.tsx";
import { ROLES, type Role } from "#lib/contract/permissions.ts";
import type { UserView } from "#lib/domain/user/schemas.ts";
import { useUsers } from "#lib/query/users.ts";

const roleOptions = [
  { value: "any", label: "Any role" },
  ...ROLES.map((role) => ({ value: role, label: role[0]?.toUpperCase() + role.slice(1) })),
] as const;

/** The people of the organisation, with what may be done to each. */
export function MemberTable({
  role,
  onRoleChange,
  addButton,
}: {
  role: Role | null;
  onRoleChange: (role: Role | null) => void;
  addButton: ReactNode;
}) {
  const table = useTableState();
  const router = useRouter();
  const viewer = useViewer();
  const mayChange = useMayChange();
  const mayWrite = useMay("user.write");
  const enable = useEnableMember();
  const users = useUsers({ q: table.search, cursor: table.cursor, role, teamId: null });
  const [chosen, setChosen] = useState<{ deed: MemberDeed; user: UserView } | null>(null);
  const actions = (user: UserView) =>
    mayChange(user)
      ? memberActions(user, viewer.actor.id, {
          onDeed: (deed) => setChosen({ deed, user }),
          onEnable: () => void enable(user),
        })
      : [];
  return (
    <>
      <DataTable
        label="Members"
        columns={memberColumns}
        rows={users.data?.data}
        rowKey={({ id }) => id}
        state={table}
        nextCursor={users.data?.nextCursor ?? null}
        isRefreshing={users.isPlaceholderData}
        error={queryErrorState(users)}
        searchLabel="Search members"
        onRowOpen={({ id }) => router.push(`/members/${id}`)}
        {...(mayWrite ? { rowActions: actions } : {})}
        isFiltered={role !== null}
        onClearFilters={() => onRoleChange(null)}
        filters={
          <Select
            aria-label="Role"
            className="w-36"
            options={roleOptions}
            value={role ?? "any"}
            onValueChange={(value) => {
              table.goFirst();
              onRoleChange(ROLES.find((name) => name === value) ?? null);
            }}
          />
        }
        empty={
          <EmptyState icon={Users} title="Nobody else yet" action={addButton}>
            Members sign in to this console. Their role decides what they see and may change.
          </EmptyState>
        }
      />
      {chosen ? (
        <MemberDeedDialog
          deed={chosen.deed}
          user={currentRow(chosen.user, users.data?.data)}
          onClose={() => setChosen(null)}
        />
      ) : null}
    </>
  );
}
