"use client";
import Link from "next/link";
import type { ReactNode } from "react";
import { formatNumber } from "#components/format/number.ts";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { TitledCard } from "#components/ui/card.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { Count, Duration, Money, Percent } from "#components/ui/figures.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Sparkline } from "#components/ui/sparkline.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import type { UsageView } from "#lib/domain/usage/schemas.ts";
import { type UsageOf, useUsageSummary } from "#lib/query/usage-summary.ts";

const dayHours = 24;

/** The last day of one consumer, key or team at a glance, with the way to every single call. */
export function UsageGlance({ of, filter }: { of: UsageOf; filter: string }) {
  const mayRead = useMay("usage.read");
  const mayReadCalls = useMay("request.read");
  const usage = useUsageSummary(of, dayHours, "hour", mayRead);
  if (!mayRead) return null;
  const failure = queryErrorState(usage);
  return (
    <TitledCard
      title="Last 24 hours"
      actions={
        mayReadCalls ? (
          <Link href={`/requests?${filter}`} prefetch={false} className="text-accent-text text-sm hover:underline">
            Recent requests
          </Link>
        ) : null
      }
    >
      {failure ? <ErrorState {...failure} /> : usage.data ? <Figures usage={usage.data} /> : <FiguresToCome />}
    </TitledCard>
  );
}

function Figures({ usage }: { usage: UsageView }) {
  const { totals } = usage;
  const values = usage.series.map((bucket) => bucket.requests);
  return (
    <div className="flex flex-wrap items-end gap-x-8 gap-y-4">
      <Figure label="Requests">
        <Count value={totals.requests} />
      </Figure>
      <Figure label="Errors">
        {totals.requests === 0 ? "–" : <Percent share={totals.errors / totals.requests} />}
      </Figure>
      <Figure label="Tokens in / out">
        <span title={`${totals.inputTokens} in, ${totals.outputTokens} out`}>
          {formatNumber(totals.inputTokens)} / {formatNumber(totals.outputTokens)}
        </span>
      </Figure>
      <Figure label="Cost">
        <Money amount={totals.cost} />
      </Figure>
      <Figure label="p95">
        {totals.durationMs.p95 === null ? "–" : <Duration durationMs={totals.durationMs.p95} />}
      </Figure>
      <Sparkline
        values={values}
        label={`Requests an hour over the last day, at most ${formatNumber(Math.max(0, ...values))}`}
        className="ml-auto h-10 w-40 max-sm:ml-0 max-sm:w-full"
      />
    </div>
  );
}

function Figure({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <p className="text-muted text-xs">{label}</p>
      <p className="num font-semibold text-lg tracking-tight">{children}</p>
    </div>
  );
}

function FiguresToCome() {
  const keys = ["requests", "errors", "tokens", "cost", "p95"];
  return (
    <div role="status" aria-label="Loading usage" className="flex flex-wrap gap-8">
      {keys.map((key) => (
        <span key={key} className="flex w-16 flex-col gap-2">
          <Skeleton className="h-3" />
          <Skeleton className="h-5 w-12" />
        </span>
      ))}
    </div>
  );
}
