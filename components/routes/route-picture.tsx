import { ArrowDown, ArrowRight } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { formatNumber, formatPercent } from "#components/format/number.ts";
import { stateWords } from "#components/health/health-words.ts";
import { strategyWords } from "#components/routes/strategy-words.ts";
import { sharesOf } from "#components/routes/target-shares.ts";
import { VersionStatus } from "#components/routes/version-status.tsx";
import { Badge, StatusDot } from "#components/ui/badge.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { Truncate } from "#components/ui/truncate.tsx";
import type { HealthEntry } from "#lib/contract/node-event.ts";
import type { RouteView, VersionView } from "#lib/domain/route/schemas.ts";

/** What a target really got: calls of the last hour, by upstream and model. */
export type LiveCalls = (upstreamId: string, model: string) => number;

/** What is wrong with a target or its upstream at the nodes; undefined where all is well. */
export type TargetStanding = (target: { id: string; upstreamId: string }) => HealthEntry["state"] | undefined;

const rowPx = 60;
const gapPx = 8;

/** A route as a picture: what matches, the version, how it chooses, and where its calls go with which share. */
export function RoutePicture({
  route,
  version,
  liveCalls,
  standingOf,
}: {
  route: RouteView;
  version: VersionView;
  /** Left out where usage may not be read or has not come yet. */
  liveCalls?: LiveCalls | undefined;
  /** Left out where upstreams have not come yet. */
  standingOf?: TargetStanding | undefined;
}) {
  const shares = sharesOf(version.strategy, version.targets);
  return (
    <div className="flex flex-col gap-1 lg:flex-row lg:items-center lg:gap-0">
      <Step heading="Match">
        {version.version === route.defaultVersion ? <Pin kind={route.kind} name={route.name} /> : null}
        <Pin kind={route.kind} name={`${route.name}@${version.version}`} />
      </Step>
      <Arrow />
      <Step heading="Version">
        <span className="num font-medium text-base">{version.version}</span>
        <span className="flex flex-wrap items-center gap-2">
          <VersionStatus status={version.status} />
          {version.version === route.defaultVersion ? <Badge tone="accent">default</Badge> : null}
        </span>
      </Step>
      <Arrow />
      <Step heading="Strategy">
        <span className="font-medium text-base">{strategyWords(version.strategy)}</span>
        <span className="num text-muted text-xs">
          {version.retry.attempts === 1 ? "no retry" : `up to ${version.retry.attempts} attempts`}
        </span>
      </Step>
      <Fan shares={shares} />
      <TargetList version={version} shares={shares} liveCalls={liveCalls} standingOf={standingOf} />
    </div>
  );
}

function Step({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col gap-1 rounded-lg border border-line-strong bg-surface px-3 py-2.5 lg:max-w-56 lg:shrink">
      <span className="text-2xs text-muted uppercase tracking-wide">{heading}</span>
      {children}
    </div>
  );
}

function Pin({ kind, name }: { kind: RouteView["kind"]; name: string }) {
  const text = kind === "http" ? `/apis/${name}/…` : `model: "${name}"`;
  return (
    <code className="block truncate text-xs" title={name}>
      {text}
    </code>
  );
}

function Arrow() {
  return (
    <span aria-hidden className="flex shrink-0 justify-center text-faint lg:px-1.5">
      <ArrowDown className="size-4 lg:hidden" />
      <ArrowRight className="hidden size-4 lg:block" />
    </span>
  );
}

/** The lines from the strategy to each target, as thick as its share. */
function Fan({ shares }: { shares: readonly number[] }) {
  const height = shares.length * rowPx + (shares.length - 1) * gapPx;
  return (
    <>
      <span className="flex justify-center text-faint lg:hidden">
        <ArrowDown className="size-4" aria-hidden />
      </span>
      <svg
        aria-hidden
        viewBox={`0 0 100 ${height}`}
        preserveAspectRatio="none"
        style={{ height }}
        className="hidden w-16 shrink-0 text-accent-text lg:block xl:w-24"
      >
        {shares.map((share, index) => {
          const y = index * (rowPx + gapPx) + rowPx / 2;
          return (
            <path
              // biome-ignore lint/suspicious/noArrayIndexKey: a line has no identity but its place
              key={index}
              d={`M0 ${height / 2} C60 ${height / 2} 40 ${y} 100 ${y}`}
              fill="none"
              stroke="currentColor"
              strokeWidth={share === 0 ? 1 : 1.5 + share * 8}
              strokeDasharray={share === 0 ? "3 4" : undefined}
              opacity={share === 0 ? 0.6 : 0.55}
              vectorEffect="non-scaling-stroke"
            />
          );
        })}
      </svg>
    </>
  );
}

function TargetList({
  version,
  shares,
  liveCalls,
  standingOf,
}: {
  version: VersionView;
  shares: readonly number[];
  liveCalls: LiveCalls | undefined;
  standingOf: TargetStanding | undefined;
}) {
  const calls = version.targets.map((target) => liveCalls?.(target.upstreamId, target.model) ?? 0);
  const sum = calls.reduce((total, count) => total + count, 0);
  return (
    <ol aria-label="Targets" className="flex min-w-0 grow flex-col" style={{ gap: gapPx }}>
      {version.targets.map((target, index) => (
        <li
          key={target.id}
          style={{ minHeight: rowPx }}
          className={classNames(
            "relative flex items-center gap-3 overflow-hidden rounded-lg border bg-surface px-3",
            shares[index] === 0 ? "border-line border-dashed" : "border-line-strong",
          )}
        >
          <span
            aria-hidden
            className="absolute inset-y-0 left-0 bg-accent-soft"
            style={{ width: `${(shares[index] ?? 0) * 100}%` }}
          />
          <span className="relative min-w-0 grow">
            <Truncate text={target.model === "" ? "REST API" : target.model} className="font-medium text-sm" />
            <UpstreamName target={target} />
          </span>
          <span className="num relative shrink-0 text-right">
            <span className="block font-medium text-sm">{shareWords(target, shares[index] ?? 0)}</span>
            <TargetHealth standing={standingOf?.(target)} />
            {liveCalls ? <span className="block text-muted text-xs">{liveWords(calls[index] ?? 0, sum)}</span> : null}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** A target without a share is out of service, or serves while those before it are. */
function shareWords({ weight, priority }: VersionView["targets"][number], share: number): string {
  if (weight === 0) return "out of service";
  return share === 0 ? `fallback ${priority}` : formatPercent(share);
}

/** What is wrong with a target at the nodes that are online; nothing where it is in service everywhere. */
function TargetHealth({ standing }: { standing: HealthEntry["state"] | undefined }) {
  if (standing === undefined) return null;
  return <StatusDot tone={stateWords[standing].tone}>{stateWords[standing].word}</StatusDot>;
}

function liveWords(calls: number, sum: number): string {
  if (sum === 0) return "no call this hour";
  return `${formatPercent(calls / sum)} of ${formatNumber(sum)} this hour`;
}

function UpstreamName({ target }: { target: VersionView["targets"][number] }) {
  if (target.upstreamName === null) return <Badge tone="danger">upstream is gone</Badge>;
  return (
    <Link
      href={`/upstreams/${target.upstreamId}`}
      prefetch={false}
      className="block w-fit max-w-full text-muted text-xs hover:underline"
    >
      <Truncate text={target.upstreamName} />
    </Link>
  );
}
