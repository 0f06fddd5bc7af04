"use client";
import { stateWords, subjectWord } from "#components/health/health-words.ts";
import { StatusDot } from "#components/ui/badge.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Truncate } from "#components/ui/truncate.tsx";
import { useNow } from "#components/ui/use-now.ts";
import type { HealthEntry } from "#lib/contract/node-event.ts";

type Entry = HealthEntry & { node?: { id: string; name: string } };

/** Its time is up, and no call has come by since. */
function isDue({ state, until }: HealthEntry, nowMs: number | null): boolean {
  const isTried = state === "open" || state === "resting";
  return isTried && until !== null && nowMs !== null && Date.parse(until) <= nowMs;
}

/** What is not wholly in service now, one line each; one sentence when everything is. */
export function HealthStanding({
  entries,
  nameOf,
  label,
}: {
  entries: readonly Entry[];
  /** What an entry is about, for people; null where its name is not known. */
  nameOf: (entry: Entry) => string | null;
  label: string;
}) {
  const nowMs = useNow();
  if (entries.length === 0) return <StatusDot tone="success">Everything is in service</StatusDot>;
  return (
    <ul aria-label={label} className="divide-y divide-line">
      {entries.map((entry) => (
        <li key={`${entry.node?.id}-${entry.subject}-${entry.id}`} className="flex flex-col gap-0.5 py-2 text-sm">
          <span className="flex min-w-0 items-center justify-between gap-3">
            <Truncate text={nameOf(entry) ?? `a ${subjectWord(entry)} that is gone`} className="font-medium" />
            <StatusDot tone={stateWords[entry.state].tone}>{stateWords[entry.state].word}</StatusDot>
          </span>
          <span className="text-muted text-xs">
            {entry.node ? `${entry.node.name}: ` : ""}
            {entry.reason}, since <RelativeTime at={entry.since} />
            {isDue(entry, nowMs) ? "; the next call tries it" : ""}
          </span>
        </li>
      ))}
    </ul>
  );
}
