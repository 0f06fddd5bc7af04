"use client";
import { Plus, UsersRound } from "lucide-react";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useQueryStates } from "nuqs";
import { useState } from "react";
import type { RowAction } from "#components/data-table/column.ts";
import { currentRow } from "#components/data-table/current-row.ts";
import { DataTable } from "#components/data-table/data-table.tsx";
import { useTableState } from "#components/data-table/use-table-state.ts";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { teamColumns } from "#components/teams/team-columns.tsx";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import type { TeamView } from "#lib/domain/team/schemas.ts";
import { useTeams } from "#lib/query/teams.ts";
import { teamFilters } from "./search-params.ts";

const TeamNameDialog = dynamic(
  () => import("#components/teams/team-dialogs.tsx").then((module) => module.TeamNameDialog),
  { ssr: false },
);
const DeleteTeamDialog = dynamic(
  () => import("#components/teams/team-dialogs.tsx").then((module) => module.DeleteTeamDialog),
  { ssr: false },
);

/** Every team in reach: found, added, renamed, deleted. */
export function TeamsClient() {
  const table = useTableState();
  const router = useRouter();
  const [{ new: isAdding }, setFilters] = useQueryStates(teamFilters);
  const [deed, setDeed] = useState<{ kind: "rename" | "delete"; team: TeamView } | null>(null);
  const teams = useTeams({ q: table.search, cursor: table.cursor });
  const mayWrite = useMay("team.write");
  const createButton = mayWrite ? (
    <Button variant="primary" onClick={() => void setFilters({ new: true })}>
      <Plus aria-hidden />
      Add team
    </Button>
  ) : null;
  const actions = (team: TeamView): RowAction[] => [
    { label: "Rename", onSelect: () => setDeed({ kind: "rename", team }) },
    { label: "Delete", isDestructive: true, onSelect: () => setDeed({ kind: "delete", team }) },
  ];
  const close = () => setDeed(null);
  const chosen = deed && currentRow(deed.team, teams.data?.data);
  return (
    <>
      <PageHeader
        title="Teams"
        description="Who owns consumers. Developers see their own teams and no others."
        actions={createButton}
      />
      <DataTable
        label="Teams"
        columns={teamColumns}
        rows={teams.data?.data}
        rowKey={({ id }) => id}
        state={table}
        nextCursor={teams.data?.nextCursor ?? null}
        isRefreshing={teams.isPlaceholderData}
        error={queryErrorState(teams)}
        searchLabel="Search teams"
        onRowOpen={({ id }) => router.push(`/teams/${id}`)}
        {...(mayWrite ? { rowActions: actions } : {})}
        empty={
          <EmptyState icon={UsersRound} title="No teams yet" action={createButton}>
            A team owns consumers and their keys, and developers belong to teams.
          </EmptyState>
        }
      />
      {isAdding && mayWrite ? <TeamNameDialog onClose={() => void setFilters({ new: null })} /> : null}
      {chosen && deed?.kind === "rename" ? <TeamNameDialog team={chosen} onClose={close} /> : null}
      {chosen && deed?.kind === "delete" ? <DeleteTeamDialog team={chosen} onClose={close} /> : null}
    </>
  );
}
