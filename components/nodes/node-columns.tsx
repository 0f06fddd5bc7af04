import type { DataTableColumn } from "#components/data-table/column.ts";
import { formatBytes, formatPercent } from "#components/format/number.ts";
import { LastSeen } from "#components/nodes/last-seen.tsx";
import { limitsWords, revisionWords, stateOf } from "#components/nodes/node-words.ts";
import { Badge, StatusDot } from "#components/ui/badge.tsx";
import { Count, Duration } from "#components/ui/figures.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Truncate } from "#components/ui/truncate.tsx";
import { CLOCK_SKEW_MS_MAX, type NodeView } from "#lib/domain/node/schemas.ts";

type Column = DataTableColumn<NodeView>;

const unknown = <span className="text-faint">–</span>;

const identity: Column[] = [
  {
    id: "name",
    header: "Node",
    phone: "title",
    cell: (node) => <Truncate text={node.name} />,
    exportValue: (node) => node.name,
    className: "w-auto md:min-w-36",
  },
  {
    id: "group",
    header: "Group",
    cell: (node) => <Truncate text={node.group} />,
    exportValue: (node) => node.group,
    className: "w-24",
  },
  {
    id: "state",
    header: "State",
    cell: (node) => <StateCell node={node} />,
    exportValue: (node) => node.state,
    className: "w-32",
  },
  {
    id: "revision",
    header: "Revision",
    isNumeric: true,
    cell: (node) => <RevisionCell node={node} />,
    exportValue: revisionWords,
    className: "w-32",
  },
  {
    id: "version",
    header: "Version",
    cell: (node) => <Truncate text={node.version} className="num" />,
    exportValue: (node) => node.version,
    className: "w-24",
  },
];

const load: Column[] = [
  figure("cpu", "CPU", ({ cpu }) => formatPercent(cpu), "w-20"),
  figure("memory", "Memory", ({ rssBytes }) => formatBytes(rssBytes), "w-24"),
  {
    id: "loopDelay",
    header: "Loop delay",
    isNumeric: true,
    cell: ({ utilisation }) => (utilisation ? <Duration durationMs={utilisation.eventLoopDelayMs} /> : unknown),
    exportValue: ({ utilisation }) => utilisation?.eventLoopDelayMs ?? null,
    className: "w-24",
  },
  {
    id: "inFlight",
    header: "In flight",
    isNumeric: true,
    cell: ({ utilisation }) => (utilisation ? <Count value={utilisation.inFlight} /> : unknown),
    exportValue: ({ utilisation }) => utilisation?.inFlight ?? null,
    className: "w-20",
  },
  {
    id: "callsPerSecond",
    header: "Calls/s",
    isNumeric: true,
    cell: ({ utilisation }) =>
      utilisation ? <Count value={Math.round(utilisation.callsPerSecond * 10) / 10} /> : unknown,
    exportValue: ({ utilisation }) => utilisation?.callsPerSecond ?? null,
    className: "w-20",
  },
];

const time: Column[] = [
  {
    id: "clockSkew",
    header: "Clock",
    isNumeric: true,
    cell: (node) => <ClockCell skewMs={node.clockSkewMs} />,
    exportValue: (node) => node.clockSkewMs,
    className: "w-24",
  },
  {
    id: "freshAt",
    header: "Up to date",
    isHiddenAtFirst: true,
    cell: (node) => <RelativeTime at={node.freshAt} />,
    exportValue: (node) => node.freshAt,
    className: "w-28",
  },
  {
    id: "lastSeenAt",
    header: "Last seen",
    cell: (node) => <LastSeen node={node} />,
    exportValue: (node) => node.lastSeenAt,
    className: "w-36",
  },
  {
    id: "joinedAt",
    header: "Joined",
    isHiddenAtFirst: true,
    cell: (node) => <RelativeTime at={node.joinedAt} />,
    exportValue: (node) => node.joinedAt,
    className: "w-28",
  },
];

/** The columns of the list of nodes. */
export const nodeColumns: readonly Column[] = [...identity, ...load, ...time];

type Utilisation = NonNullable<NodeView["utilisation"]>;

function figure(id: string, header: string, words: (utilisation: Utilisation) => string, className: string): Column {
  return {
    id,
    header,
    isNumeric: true,
    cell: ({ utilisation }) => (utilisation ? words(utilisation) : unknown),
    exportValue: ({ utilisation }) => (utilisation ? words(utilisation) : null),
    className,
  };
}

function StateCell({ node }: { node: NodeView }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <StatusDot tone={stateOf(node).tone}>{stateOf(node).word}</StatusDot>
      {node.isQuarantined ? (
        <span title="It rejected two revisions, or a person said so: it takes no canary.">
          <Badge tone="warning">quarantine</Badge>
        </span>
      ) : null}
      {node.limits?.by === "share" ? (
        <span title={`Rate limits: ${limitsWords(node)}`}>
          <Badge tone="warning">limits by share</Badge>
        </span>
      ) : null}
    </span>
  );
}

function RevisionCell({ node }: { node: NodeView }) {
  const isRejected = node.rejected?.revision === node.wantedRevision;
  return (
    <span className="inline-flex items-center justify-end gap-1.5">
      {isRejected ? <Badge tone="danger">refused</Badge> : null}
      <span className={node.appliedRevision === node.wantedRevision ? undefined : "text-warning"}>
        {revisionWords(node)}
      </span>
    </span>
  );
}

function ClockCell({ skewMs }: { skewMs: number | null }) {
  if (skewMs === null) return unknown;
  const isFar = Math.abs(skewMs) > CLOCK_SKEW_MS_MAX;
  return (
    <span
      className={isFar ? "text-warning" : undefined}
      title={skewMs >= 0 ? "ahead of the control plane" : "behind the control plane"}
    >
      {skewMs > 0 ? "+" : ""}
      <Duration durationMs={skewMs} />
    </span>
  );
}
