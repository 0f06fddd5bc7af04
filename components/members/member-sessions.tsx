"use client";
import { describeProblem, queryErrorState } from "#components/forms/describe-problem.ts";
import { deviceWords } from "#components/members/device-words.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { TitledCard } from "#components/ui/card.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { SkeletonText } from "#components/ui/skeleton.tsx";
import { toast } from "#components/ui/toast.ts";
import type { SessionView } from "#lib/domain/session/schemas.ts";
import { useRevokeSession, useSessions } from "#lib/query/me.ts";

/** Where a person is signed in, and the way to end each of it. */
export function MemberSessions({ userId, mayRevoke }: { userId: string; mayRevoke: boolean }) {
  const sessions = useSessions(userId);
  const revoke = useRevokeSession();
  const failure = queryErrorState(sessions);
  const end = async (session: SessionView) => {
    try {
      await revoke.mutateAsync(session);
      toast.success("The session is over", { description: "Its next click leads to the sign-in page." });
    } catch (error) {
      toast.error("The session goes on", { description: describeProblem(error) });
    }
  };
  return (
    <TitledCard title="Sessions" description="Browsers that are signed in.">
      {failure ? <ErrorState {...failure} /> : sessions.data === undefined ? <SkeletonText lines={3} /> : null}
      {sessions.data?.data.length === 0 ? <p className="py-2 text-muted text-sm">Not signed in anywhere.</p> : null}
      <ul className="divide-y divide-line">
        {sessions.data?.data.map((session) => (
          <li key={session.id} className="flex items-center gap-3 py-2 text-sm">
            <div className="min-w-0 grow">
              <p className="flex flex-wrap items-center gap-x-2 font-medium">
                <span title={session.userAgent ?? undefined}>{deviceWords(session.userAgent)}</span>
                {session.current ? <Badge tone="accent">this one</Badge> : null}
              </p>
              <p className="text-muted text-xs">
                {session.address ? `${session.address} · ` : ""}signed in <RelativeTime at={session.createdAt} />
              </p>
            </div>
            {mayRevoke && !session.current ? (
              <Button
                size="sm"
                isPending={revoke.isPending && revoke.variables.id === session.id}
                onClick={() => void end(session)}
              >
                End session
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </TitledCard>
  );
}
