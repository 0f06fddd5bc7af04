import type { ResolvedRange } from "#components/date-range/date-range.ts";
import { formatDuration } from "#components/format/duration.ts";
import { formatMoney } from "#components/format/money.ts";
import { formatNumber } from "#components/format/number.ts";
import type { Permission } from "#lib/contract/permissions.ts";
import type { UsageFigures, UsageGroup } from "#lib/domain/usage/schemas.ts";
import type { UsageFilterKey } from "#lib/query/usage.ts";
import type { UsageMetric, UsageSplit } from "./usage-parsers.ts";

interface SplitWords {
  label: string;
  plural: string;
  /** The filter that a click on a group sets; a split without one cannot be filtered by. */
  filter: UsageFilterKey | null;
  permission?: Permission;
  /** The filter's value of a group, null where it has none. */
  value: (group: UsageGroup) => string | null;
  /** The group's own page. */
  href: (group: UsageGroup) => string | null;
  none: string;
}

const noPage = () => null;

export const splitWords: Record<UsageSplit, SplitWords> = {
  consumer: {
    label: "Consumer",
    plural: "consumers",
    filter: "consumerId",
    value: (group) => group.consumer?.id ?? null,
    href: ({ consumer }) => (consumer?.name ? `/consumers/${consumer.id}` : null),
    none: "Unknown callers",
  },
  team: {
    label: "Team",
    plural: "teams",
    filter: "teamId",
    value: (group) => group.team?.id ?? null,
    href: ({ team }) => (team?.name ? `/teams/${team.id}` : null),
    none: "No team",
  },
  route: {
    label: "Route",
    plural: "routes",
    filter: "route",
    value: (group) => group.route ?? null,
    href: noPage,
    none: "No route",
  },
  model: {
    label: "Model",
    plural: "models",
    filter: "model",
    value: (group) => group.model ?? null,
    href: noPage,
    none: "Not sent to a model",
  },
  provider: {
    label: "Provider",
    plural: "providers",
    filter: null,
    value: (group) => group.provider ?? null,
    href: noPage,
    none: "Not sent to a provider",
  },
  upstream: {
    label: "Upstream",
    plural: "upstreams",
    filter: "upstreamId",
    permission: "upstream.read",
    value: (group) => group.upstream?.id ?? null,
    href: ({ upstream }) => (upstream?.name ? `/upstreams/${upstream.id}` : null),
    none: "Not sent to an upstream",
  },
  node: {
    label: "Node",
    plural: "nodes",
    filter: "nodeId",
    permission: "node.read",
    value: (group) => group.node?.id ?? null,
    href: noPage,
    none: "No node",
  },
  apiKey: {
    label: "API key",
    plural: "API keys",
    filter: "apiKeyId",
    value: (group) => group.apiKey?.id ?? null,
    href: ({ apiKey }) => (apiKey?.name ? `/api-keys/${apiKey.id}` : null),
    none: "No key",
  },
};

/** What a group is called; keys share names, so their last four go along. */
export function groupName(split: UsageSplit, group: UsageGroup): string {
  if (group.key === "other") return `All other ${splitWords[split].plural}`;
  if (splitWords[split].value(group) === null) return splitWords[split].none;
  return split === "apiKey" && group.apiKey?.last4 ? `${group.label} …${group.apiKey.last4}` : group.label;
}

interface MetricWords {
  label: string;
  read: (figures: UsageFigures) => number | null;
  format: (value: number) => string;
  /** Parts of a whole are stacked; percentiles are not. */
  isStacked: boolean;
}

export const metricWords: Record<UsageMetric, MetricWords> = {
  cost: {
    label: "Cost",
    read: ({ cost }) => Number(cost),
    format: (value) => formatMoney(value.toFixed(9)),
    isStacked: true,
  },
  requests: { label: "Requests", read: ({ requests }) => requests, format: formatNumber, isStacked: true },
  tokens: {
    label: "Tokens",
    read: ({ inputTokens, outputTokens }) => inputTokens + outputTokens,
    format: formatNumber,
    isStacked: true,
  },
  errors: { label: "Errors", read: ({ errors }) => errors, format: formatNumber, isStacked: true },
  latency: {
    label: "Latency, p95",
    read: ({ durationMs }) => durationMs.p95,
    format: formatDuration,
    isStacked: false,
  },
};

const stepMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;
const pointsMax = 300;

/** The intervals that give a readable number of points over a range. */
export function intervalsOf({ fromMs, toMs }: ResolvedRange): ("minute" | "hour" | "day")[] {
  const fitting = (["minute", "hour", "day"] as const).filter((interval) => {
    const points = (toMs - fromMs) / stepMs[interval];
    return points <= pointsMax && points >= 2;
  });
  return fitting.length > 0 ? fitting : ["day"];
}
