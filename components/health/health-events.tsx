"use client";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { eventWords } from "#components/health/health-words.ts";
import { StatusDot } from "#components/ui/badge.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { NodeEventView } from "#lib/domain/node/schemas.ts";
import { type HealthSubject, useHealthEvents } from "#lib/query/health-events.ts";

const everyMs = 10_000;

/** The newest changes of health, of one node or of one upstream on every node. */
export function HealthEvents({ of }: { of: HealthSubject }) {
  const query = useHealthEvents(of, everyMs);
  const error = query.data ? null : queryErrorState(query);
  if (error) return <ErrorState {...error} />;
  if (!query.data) {
    return (
      <div role="status" aria-label="Loading health events">
        <Skeleton className="h-8" />
      </div>
    );
  }
  const { data: events } = query.data;
  if (events.length === 0) return <p className="text-muted text-sm">Nothing has changed in the last 30 days.</p>;
  return (
    <ul aria-label="Health events" className="divide-y divide-line">
      {events.map((event) => (
        <li key={`${event.node.id}-${event.id}`} className="flex flex-col gap-0.5 py-2 text-sm">
          <span className="flex items-center justify-between gap-3">
            <StatusDot tone={eventWords[event.kind].tone}>{eventWords[event.kind].word}</StatusDot>
            <span className="text-muted text-xs">
              <RelativeTime at={event.at} />
            </span>
          </span>
          <span className="min-w-0 break-words text-muted text-xs">
            {aboutWords(event, of)}: {event.reason}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** What an event is about; what the page itself is about is left out. */
function aboutWords({ node, upstream, target, credential }: NodeEventView, of: HealthSubject): string {
  const parts: string[] = [];
  if (target) parts.push(target.model === null ? "a target that is gone" : `${target.model} of ${target.route}`);
  if (credential) parts.push(credential.name ?? "a credential that is gone");
  if (of.kind === "nodes") parts.push(upstream.name ?? "an upstream that is gone");
  else parts.push(`on ${node.name ?? "a node that was removed"}`);
  return parts.join(", ");
}
