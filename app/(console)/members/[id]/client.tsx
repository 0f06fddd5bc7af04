"use client";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { MemberDetail } from "#components/members/member-detail.tsx";
import { Card } from "#components/ui/card.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { useUser } from "#lib/query/users.ts";
import Loading from "./loading.tsx";

/** One person. */
export function MemberClient({ id }: { id: string }) {
  const user = useUser(id);
  if (user.data) return <MemberDetail user={user.data} />;
  const failure = queryErrorState(user);
  return failure ? (
    <Card>
      <ErrorState {...failure} />
    </Card>
  ) : (
    <Loading />
  );
}
