"use client";
import { History } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { BarList } from "#components/charts/bar-list.tsx";
import { exactNumber } from "#components/format/number.ts";
import { formatTimestamp } from "#components/format/time.ts";
import { reasonsInWords, simulationSentences } from "#components/simulation/simulation-words.ts";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { ReadOnlyTable, Table, TableCell, TableHead, TableRow } from "#components/ui/table.tsx";
import type { SimulationView } from "#lib/domain/simulation/schemas.ts";

const barsShown = 10;

/** What a simulation found: sentences, bars, tables, and what it cannot know. */
export function SimulationResult({ result }: { result: SimulationView }) {
  if (result.calls === 0) {
    return (
      <EmptyState icon={History} title="No recorded calls">
        Nobody called in this time, so there is nothing to replay. Choose a longer or another time.
      </EmptyState>
    );
  }
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-col gap-2">
        {simulationSentences(result).map(({ tone, text }) => (
          <Notice key={text} tone={tone === "danger" ? "warning" : tone}>
            {text}
          </Notice>
        ))}
        <p className="text-muted text-sm">{scopeOf(result)}</p>
      </div>
      <RefusedConsumers result={result} />
      <Targets result={result} />
      <Limits result={result} />
      <Examples result={result} />
      <details className="text-muted text-sm">
        <summary className="cursor-pointer">What a simulation cannot know</summary>
        <ul className="mt-2 list-disc pl-5">
          {result.notSimulated.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      </details>
    </div>
  );
}

function scopeOf({ calls, isCut, callsMax, replayedFrom, to, base, withoutConsumer }: SimulationView): string {
  const from = formatTimestamp(Date.parse(replayedFrom));
  const cut = isCut ? ` Only the newest ${exactNumber(callsMax)} of this time are replayed.` : "";
  const gone = withoutConsumer > 0 ? ` ${exactNumber(withoutConsumer)} of deleted consumers are left out.` : "";
  return `${exactNumber(calls)} calls from ${from} to ${formatTimestamp(Date.parse(to))}, against revision ${base} and this draft.${cut}${gone}`;
}

function Titled({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-1.5">
      <h3 className="font-medium text-sm">{title}</h3>
      {children}
    </section>
  );
}

function RefusedConsumers({ result: { denied } }: { result: SimulationView }) {
  const { byConsumer } = denied.newly;
  if (byConsumer.length === 0) return null;
  const items = byConsumer.slice(0, barsShown).map(({ consumer, count, byReason }) => ({
    key: consumer.id,
    label: consumer.name ?? consumer.id,
    value: count,
    href: `/consumers/${consumer.id}`,
    hint: reasonsInWords(byReason),
  }));
  return (
    <Titled title="Who would be refused">
      <BarList label="Consumers that would be refused" items={items} format={exactNumber} />
    </Titled>
  );
}

function Targets({ result: { targets, rerouted } }: { result: SimulationView }) {
  const moved = targets.filter(({ before, after }) => before !== after);
  if (moved.length === 0 && rerouted.count === 0) return null;
  return (
    <Titled title="Where calls would go">
      <ReadOnlyTable label="Calls of each target now and with the draft">
        <thead>
          <tr>
            <TableHead>Route</TableHead>
            <TableHead>Upstream</TableHead>
            <TableHead>Model</TableHead>
            <TableHead className="text-right">Now</TableHead>
            <TableHead className="text-right">Draft</TableHead>
          </tr>
        </thead>
        <tbody>
          {moved.map(({ route, upstream, model, before, after }) => (
            <TableRow key={`${route} ${upstream.id} ${model}`}>
              <TableCell>{route}</TableCell>
              <TableCell>{upstream.name ?? upstream.id}</TableCell>
              <TableCell>{model === "" ? "–" : model}</TableCell>
              <TableCell className="num text-right">{exactNumber(before)}</TableCell>
              <TableCell className="num text-right font-medium">{exactNumber(after)}</TableCell>
            </TableRow>
          ))}
        </tbody>
      </ReadOnlyTable>
    </Titled>
  );
}

function Limits({ result: { limits } }: { result: SimulationView }) {
  if (limits.length === 0) return null;
  return (
    <Titled title="Limits that would refuse">
      <ReadOnlyTable label="Limits that would refuse calls now and with the draft">
        <thead>
          <tr>
            <TableHead>Limit</TableHead>
            <TableHead className="text-right">Consumers</TableHead>
            <TableHead className="text-right">Now</TableHead>
            <TableHead className="text-right">Draft</TableHead>
          </tr>
        </thead>
        <tbody>
          {limits.map(({ owner, words, isShadow, before, after, consumers }) => (
            <TableRow key={`${owner} ${words} ${isShadow}`}>
              <TableCell>
                {owner}: {words}
                {isShadow ? <span className="text-muted"> (shadow)</span> : null}
              </TableCell>
              <TableCell className="num text-right">{exactNumber(consumers)}</TableCell>
              <TableCell className="num text-right">{exactNumber(before)}</TableCell>
              <TableCell className="num text-right font-medium">{exactNumber(after)}</TableCell>
            </TableRow>
          ))}
        </tbody>
      </ReadOnlyTable>
    </Titled>
  );
}

function Examples({ result: { examples } }: { result: SimulationView }) {
  if (examples.length === 0) return null;
  return (
    <Titled title="Examples">
      <Table aria-label="Calls that would meet something else">
        <thead>
          <tr>
            <TableHead>Call</TableHead>
            <TableHead>Consumer</TableHead>
            <TableHead>Now</TableHead>
            <TableHead>Draft</TableHead>
          </tr>
        </thead>
        <tbody>
          {examples.map(({ requestId, time, consumer, before, after }) => (
            <TableRow key={requestId}>
              <TableCell className="num whitespace-nowrap">
                <Link href={`/requests/${requestId}`} prefetch={false} className="text-accent-text hover:underline">
                  {formatTimestamp(Date.parse(time))}
                </Link>
              </TableCell>
              <TableCell>{consumer.name ?? consumer.id}</TableCell>
              <TableCell>{before}</TableCell>
              <TableCell>{after}</TableCell>
            </TableRow>
          ))}
        </tbody>
      </Table>
    </Titled>
  );
}
