"use client";
import Link from "next/link";
import { useState } from "react";
import { describeProblem, queryErrorState } from "#components/forms/describe-problem.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { TitledCard } from "#components/ui/card.tsx";
import { Combobox } from "#components/ui/combobox.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { SkeletonText } from "#components/ui/skeleton.tsx";
import { toast } from "#components/ui/toast.ts";
import { Truncate } from "#components/ui/truncate.tsx";
import { useMay, useViewer } from "#components/viewer/viewer.tsx";
import { mayGrant } from "#lib/contract/permissions.ts";
import type { TeamView } from "#lib/domain/team/schemas.ts";
import { UserPage, type UserView } from "#lib/domain/user/schemas.ts";
import { callApi, queryString } from "#lib/query/api-client.ts";
import { useUpdateUser, useUsers } from "#lib/query/users.ts";

/** Who belongs to a team: added by name, taken out with a click. Both are in force at once. */
export function TeamMembers({ team }: { team: TeamView }) {
  const users = useUsers({ q: "", cursor: null, role: null, teamId: team.id });
  const update = useUpdateUser();
  const viewer = useViewer();
  const mayWrite = useMay("user.write");
  const [pendingId, setPendingId] = useState<string | null>(null);
  const failure = queryErrorState(users);
  const members = users.data?.data;
  const place = async (user: UserView, isMember: boolean) => {
    const others = user.teams.map(({ id }) => id).filter((id) => id !== team.id);
    setPendingId(user.id);
    try {
      await update.mutateAsync({ user, patch: { teamIds: isMember ? [...others, team.id] : others } });
    } catch (error) {
      toast.error(`${user.name} was not changed`, { description: describeProblem(error) });
    } finally {
      setPendingId(null);
    }
  };
  const mayChange = (user: UserView) => mayWrite && viewer.role !== null && mayGrant(viewer.role, user.role);
  return (
    <TitledCard
      title="Members"
      description="A developer reaches what their teams own. Other roles reach the whole organisation."
      actions={
        mayWrite && members ? (
          <AddMember members={members} mayAdd={mayChange} onAdd={(user) => place(user, true)} />
        ) : null
      }
    >
      {failure ? <ErrorState {...failure} /> : members === undefined ? <SkeletonText lines={3} /> : null}
      {members?.length === 0 ? <p className="py-2 text-muted text-sm">Nobody belongs to this team yet.</p> : null}
      <ul className="divide-y divide-line">
        {members?.map((user) => (
          <li key={user.id} className="flex items-center gap-3 py-2 text-sm">
            <div className="min-w-0 grow">
              <Link href={`/members/${user.id}`} prefetch={false} className="font-medium hover:underline">
                <Truncate text={user.name} />
              </Link>
              <Truncate text={user.email} className="text-muted text-xs" />
            </div>
            <Badge>{user.role}</Badge>
            {mayChange(user) ? (
              <Button size="sm" isPending={pendingId === user.id} onClick={() => void place(user, false)}>
                Take out
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </TitledCard>
  );
}

function AddMember({
  members,
  mayAdd,
  onAdd,
}: {
  members: readonly UserView[];
  mayAdd: (user: UserView) => boolean;
  onAdd: (user: UserView) => Promise<void>;
}) {
  const [found, setFound] = useState<readonly UserView[]>([]);
  return (
    <Combobox
      aria-label="Add a member"
      className="w-44"
      placeholder="Add a member…"
      emptyText="Nobody else has this name."
      value={null}
      search={async (q, signal) => {
        const { data } = await callApi(UserPage, "GET", `/users${queryString({ q, limit: 20 })}`, { signal });
        const others = data.filter((user) => mayAdd(user) && !members.some(({ id }) => id === user.id));
        setFound(others);
        return others.map(({ id, name, email }) => ({ value: id, label: name, hint: email }));
      }}
      onValueChange={(option) => {
        const user = found.find(({ id }) => id === option?.value);
        if (user) void onAdd(user);
      }}
    />
  );
}
