"use client";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { TeamDetail } from "#components/teams/team-detail.tsx";
import { Card } from "#components/ui/card.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { useTeam } from "#lib/query/teams.ts";
import Loading from "./loading.tsx";

/** One team. */
export function TeamClient({ id }: { id: string }) {
  const team = useTeam(id);
  if (team.data) return <TeamDetail team={team.data} />;
  const failure = queryErrorState(team);
  return failure ? (
    <Card>
      <ErrorState {...failure} />
    </Card>
  ) : (
    <Loading />
  );
}
