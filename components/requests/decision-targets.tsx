"use client";
import { Check } from "lucide-react";
import { formatDuration } from "#components/format/duration.ts";
import { choiceWords } from "#components/requests/stage-words.ts";
import { ReadOnlyTable, TableCell, TableHead, TableRow } from "#components/ui/table.tsx";
import { Truncate } from "#components/ui/truncate.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import type { RequestView } from "#lib/domain/request/schemas.ts";
import { useEveryUpstream } from "#lib/query/upstreams.ts";
import { attemptWords } from "./explain-request.ts";

/** The targets that could have been called, which were, and why. */
export function CandidateTable({ call }: { call: RequestView }) {
  const { candidates } = call.decision;
  if (candidates.length === 0)
    return <p className="px-3 pb-2 text-muted text-sm">The call was decided before any target was looked at.</p>;
  return (
    <ReadOnlyTable label="Candidates">
      <thead>
        <tr>
          <TableHead>Target</TableHead>
          <TableHead>Model</TableHead>
          <TableHead className="text-right">Weight</TableHead>
          <TableHead>Why</TableHead>
        </tr>
      </thead>
      <tbody>
        {candidates.map((candidate) => (
          <TableRow key={candidate.targetId}>
            <TableCell>
              <span className="flex items-center gap-1.5">
                {candidate.chosen ? (
                  <Check aria-hidden className="size-4 shrink-0 text-success" />
                ) : (
                  <span className="size-4" />
                )}
                {candidate.upstreamName}
                <span className="sr-only">{candidate.chosen ? "chosen" : "not chosen"}</span>
              </span>
            </TableCell>
            <TableCell>{candidate.model}</TableCell>
            <TableCell className="num text-right">{candidate.weight}</TableCell>
            <TableCell className="text-muted">
              {choiceWords(candidate.reason)}
              {candidateFacts(candidate)}
            </TableCell>
          </TableRow>
        ))}
      </tbody>
    </ReadOnlyTable>
  );
}

/** What the strategy went by, in brackets; nothing where it went by weight alone. */
function candidateFacts(candidate: RequestView["decision"]["candidates"][number]): string {
  const { priority, inFlight, latencyMs, weightNow } = candidate;
  const facts: string[] = [];
  if (priority !== undefined) facts.push(`priority ${priority}`);
  if (inFlight !== undefined) facts.push(`${inFlight} under way`);
  if (latencyMs !== undefined)
    facts.push(latencyMs === 0 ? "latency not known" : `answers in ${formatDuration(latencyMs)}`);
  if (weightNow !== undefined) facts.push(`weight ${Math.round(weightNow * 100) / 100} while it starts slowly`);
  return facts.length === 0 ? "" : ` (${facts.join(", ")})`;
}

/** Each request that went to an upstream. */
export function AttemptTable({ call }: { call: RequestView }) {
  const { attempts } = call.decision;
  const { data: upstreams } = useEveryUpstream(useMay("upstream.read"));
  const credentials = new Map(upstreams?.flatMap((upstream) => upstream.credentials.map(({ id, name }) => [id, name])));
  const isCredentialShown = attempts.some((attempt) => attempt.credentialId !== undefined);
  if (attempts.length === 0) return <p className="px-3 pb-2 text-muted text-sm">Nothing was sent to an upstream.</p>;
  return (
    <ReadOnlyTable label="Attempts">
      <thead>
        <tr>
          <TableHead>#</TableHead>
          <TableHead>Upstream</TableHead>
          <TableHead className="max-sm:hidden">Model</TableHead>
          {isCredentialShown ? <TableHead className="max-sm:hidden">Credential</TableHead> : null}
          <TableHead>Ending</TableHead>
          <TableHead className="text-right max-sm:hidden">Began after</TableHead>
          <TableHead className="text-right">Took</TableHead>
        </tr>
      </thead>
      <tbody>
        {attempts.map((attempt, place) => (
          <TableRow key={`${attempt.targetId} ${attempt.startedAtMs}`}>
            <TableCell className="num">{place + 1}</TableCell>
            <TableCell>{attempt.upstreamName}</TableCell>
            <TableCell className="max-sm:hidden">{attempt.model}</TableCell>
            {isCredentialShown ? (
              <TableCell className="max-sm:hidden">
                <CredentialName id={attempt.credentialId} names={credentials} />
              </TableCell>
            ) : null}
            <TableCell className={attempt.error === null ? "" : "text-danger"}>
              {attemptWords(attempt.error, attempt.status)}
            </TableCell>
            <TableCell className="num text-right max-sm:hidden">{formatDuration(attempt.startedAtMs)}</TableCell>
            <TableCell className="num text-right">{formatDuration(attempt.durationMs)}</TableCell>
          </TableRow>
        ))}
      </tbody>
    </ReadOnlyTable>
  );
}

/** A credential by its name; one that is gone, or whose name may not be read, by its id. */
function CredentialName({ id, names }: { id: string | undefined; names: ReadonlyMap<string, string> }) {
  if (id === undefined) return <span className="text-faint">none</span>;
  return names.get(id) ?? <Truncate text={id} className="max-w-32 font-mono text-xs" />;
}
