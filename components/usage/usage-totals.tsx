import { formatDuration } from "#components/format/duration.ts";
import { formatNumber, formatPercent } from "#components/format/number.ts";
import { StatCard } from "#components/ui/card.tsx";
import { Change, Count, Money, Tokens } from "#components/ui/figures.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { UsageFigures } from "#lib/domain/usage/schemas.ts";

const awaited = <Skeleton className="h-7 w-20" />;
const line = <Skeleton className="w-24" />;

/** The sums of the whole range, undefined while they are awaited. */
export function UsageTotals({
  totals,
  before,
}: {
  totals: UsageFigures | undefined;
  before: UsageFigures | undefined;
}) {
  const change = (read: (figures: UsageFigures) => number) =>
    totals && before ? <Change now={read(totals)} before={read(before)} /> : null;
  const perThousand = totals && totals.requests > 0 ? (Number(totals.cost) / totals.requests) * 1_000 : 0;
  return (
    <div className="mb-4 grid grid-cols-2 gap-3 lg:grid-cols-4">
      <StatCard
        label="Cost"
        value={totals ? <Money amount={totals.cost} /> : awaited}
        change={change(({ cost }) => Number(cost))}
        hint={totals ? `$${perThousand.toFixed(2)} per thousand requests` : line}
      />
      <StatCard
        label="Requests"
        value={totals ? <Count value={totals.requests} /> : awaited}
        change={change(({ requests }) => requests)}
        hint={totals ? `${formatNumber(totals.errors)} refused or failed` : line}
      />
      <StatCard
        label="Input tokens"
        value={totals ? <Tokens count={totals.inputTokens} /> : awaited}
        change={change(({ inputTokens }) => inputTokens)}
        hint={totals ? cachedWords(totals) : line}
      />
      <StatCard
        label="Output tokens"
        value={totals ? <Tokens count={totals.outputTokens} /> : awaited}
        change={change(({ outputTokens }) => outputTokens)}
        hint={
          totals ? `p95 latency ${totals.durationMs.p95 === null ? "–" : formatDuration(totals.durationMs.p95)}` : line
        }
      />
    </div>
  );
}

function cachedWords({ inputTokens, cachedInputTokens }: UsageFigures): string {
  return `${formatPercent(inputTokens === 0 ? 0 : cachedInputTokens / inputTokens)} read from the provider's cache`;
}
