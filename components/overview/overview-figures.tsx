import type { ReactNode } from "react";
import { formatDuration } from "#components/format/duration.ts";
import { formatNumber, formatPercent } from "#components/format/number.ts";
import { StatCard } from "#components/ui/card.tsx";
import { Change, Count, Duration, Money, Percent, Tokens } from "#components/ui/figures.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { UsageFigures } from "#lib/domain/usage/schemas.ts";

interface Figure {
  label: string;
  value: (figures: UsageFigures) => ReactNode;
  hint: (figures: UsageFigures) => string;
  /** What is compared with the period before. */
  compared: (figures: UsageFigures) => number | null;
  isRiseGood?: boolean;
}

const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
const durationOrDash = (durationMs: number | null) =>
  durationMs === null ? <span className="text-faint">–</span> : <Duration durationMs={durationMs} />;
const words = (durationMs: number | null) => (durationMs === null ? "–" : formatDuration(durationMs));

const figures: readonly Figure[] = [
  {
    label: "Requests",
    value: ({ requests }) => <Count value={requests} />,
    hint: ({ requests, errors }) => `${formatNumber(requests - errors)} served`,
    compared: ({ requests }) => requests,
  },
  {
    label: "Errors",
    value: ({ errors, requests }) => <Percent share={share(errors, requests)} />,
    hint: ({ errors }) => `${formatNumber(errors)} refused or failed`,
    compared: ({ errors, requests }) => share(errors, requests),
    isRiseGood: false,
  },
  {
    label: "Latency, p95",
    value: ({ durationMs }) => durationOrDash(durationMs.p95),
    hint: ({ durationMs }) => `p50 ${words(durationMs.p50)} · p99 ${words(durationMs.p99)}`,
    compared: ({ durationMs }) => durationMs.p95,
    isRiseGood: false,
  },
  {
    label: "Time to first token, p50",
    value: ({ firstByteMs }) => durationOrDash(firstByteMs.p50),
    hint: ({ firstByteMs }) => `p95 ${words(firstByteMs.p95)} · p99 ${words(firstByteMs.p99)}`,
    compared: ({ firstByteMs }) => firstByteMs.p50,
    isRiseGood: false,
  },
  {
    label: "Tokens",
    value: ({ inputTokens, outputTokens }) => <Tokens count={inputTokens + outputTokens} />,
    hint: ({ inputTokens, outputTokens }) => `${formatNumber(inputTokens)} in · ${formatNumber(outputTokens)} out`,
    compared: ({ inputTokens, outputTokens }) => inputTokens + outputTokens,
  },
  {
    label: "Cost",
    value: ({ cost }) => <Money amount={cost} />,
    hint: ({ unpricedRequests }) =>
      unpricedRequests === 0 ? "every call priced" : `${formatNumber(unpricedRequests)} calls without a price`,
    compared: ({ cost }) => Number(cost),
  },
];

/** The headline figures of a range; undefined while they are awaited. Cache hits only where there is a cache. */
export function OverviewFigures({
  now,
  before,
  children,
}: {
  now: UsageFigures | undefined;
  before: UsageFigures | undefined;
  children?: ReactNode;
}) {
  return (
    <div className="mb-4 grid grid-cols-2 gap-3 md:grid-cols-4 2xl:grid-cols-7 [&>:last-child]:col-span-2 2xl:[&>:last-child]:col-span-1">
      {figures.map((figure) => (
        <StatCard
          key={figure.label}
          label={figure.label}
          value={now ? figure.value(now) : <Skeleton className="h-7 w-20" />}
          change={now && before ? <ChangeOf figure={figure} now={now} before={before} /> : null}
          hint={now ? figure.hint(now) : <Skeleton className="w-24" />}
        />
      ))}
      {now && now.cacheHits > 0 ? (
        <StatCard
          label="Cache hits"
          value={<Percent share={share(now.cacheHits, now.requests)} />}
          hint={`${formatNumber(now.cacheHits)} answered from the cache (${formatPercent(share(now.cacheHits, now.requests))})`}
        />
      ) : null}
      {children}
    </div>
  );
}

function ChangeOf({ figure, now, before }: { figure: Figure; now: UsageFigures; before: UsageFigures }) {
  const [current, previous] = [figure.compared(now), figure.compared(before)];
  if (current === null || previous === null) return null;
  return (
    <Change
      now={current}
      before={previous}
      {...(figure.isRiseGood === undefined ? {} : { isRiseGood: figure.isRiseGood })}
    />
  );
}
