"use client";
import type { ReactNode } from "react";
import { formatBytes, formatPercent } from "#components/format/number.ts";
import { NodeHealth } from "#components/health/node-health.tsx";
import { LastSeen } from "#components/nodes/last-seen.tsx";
import { RejectionNotice } from "#components/nodes/node-rejections.tsx";
import { WarningNotices } from "#components/nodes/node-warnings.tsx";
import { limitsWords, revisionWords, stateOf } from "#components/nodes/node-words.ts";
import { StatusDot } from "#components/ui/badge.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Count, Duration } from "#components/ui/figures.tsx";
import { type KeyValue, KeyValueList } from "#components/ui/key-value-list.tsx";
import { RelativeTime, Timestamp } from "#components/ui/relative-time.tsx";
import { Sheet } from "#components/ui/sheet.tsx";
import type { NodeView } from "#lib/domain/node/schemas.ts";

/** Everything a node last said about itself. `node` null keeps the sheet closed. */
export function NodeSheet({
  node,
  actions,
  onClose,
}: {
  node: NodeView | null;
  actions: ReactNode;
  onClose: () => void;
}) {
  return (
    <Sheet
      isOpen={node !== null}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={node?.name ?? ""}
      description={node ? `In the group ${node.group}` : undefined}
      footer={actions}
    >
      {node ? (
        <div className="flex flex-col gap-4">
          <RejectionNotice node={node} />
          <WarningNotices node={node} />
          <KeyValueList items={[...standing(node), ...loadFacts(node), ...lifeFacts(node)]} />
          <NodeHealth node={node} />
        </div>
      ) : null}
    </Sheet>
  );
}

function standing(node: NodeView): KeyValue[] {
  const behind = node.directoryHead - node.directoryCursor;
  return [
    { label: "State", value: <StatusDot tone={stateOf(node).tone}>{stateOf(node).word}</StatusDot> },
    { label: "Revision", value: revisionWords(node) },
    { label: "Canaries", value: node.isQuarantined ? "takes none: in quarantine" : "may take them" },
    {
      label: "Keys and consumers",
      value: behind <= 0 ? "up to date" : `${behind} ${behind === 1 ? "change" : "changes"} behind`,
    },
    { label: "Rate limits", value: limitsWords(node) },
    { label: "Software", value: node.version },
  ];
}

function loadFacts({ utilisation }: NodeView): KeyValue[] {
  if (!utilisation) return [{ label: "Load", value: "not reported yet" }];
  return [
    { label: "CPU", value: `${formatPercent(utilisation.cpu)} of one core` },
    { label: "Memory", value: formatBytes(utilisation.rssBytes) },
    { label: "Event-loop delay", value: <Duration durationMs={utilisation.eventLoopDelayMs} /> },
    { label: "Calls in flight", value: <Count value={utilisation.inFlight} /> },
    { label: "Calls a second", value: <Count value={Math.round(utilisation.callsPerSecond * 10) / 10} /> },
    { label: "Usage still to send", value: <Count value={utilisation.spoolEvents} /> },
  ];
}

function lifeFacts(node: NodeView): KeyValue[] {
  return [
    {
      label: "Clock",
      value:
        node.clockSkewMs === null ? (
          "not reported yet"
        ) : (
          <>
            <Duration durationMs={Math.abs(node.clockSkewMs)} />{" "}
            {node.clockSkewMs >= 0 ? "ahead of the control plane" : "behind the control plane"}
          </>
        ),
    },
    {
      label: "Up to date",
      value: node.freshAt === null ? "not yet" : <RelativeTime at={node.freshAt} />,
    },
    { label: "Its key since", value: <RelativeTime at={node.keyChangedAt} /> },
    { label: "Last seen", value: <LastSeen node={node} /> },
    { label: "Joined", value: <Timestamp at={node.joinedAt} /> },
    {
      label: "Id",
      value: (
        <span className="flex items-center gap-1">
          <code className="min-w-0 break-all text-xs">{node.id}</code>
          <CopyButton value={node.id} label="Copy id" />
        </span>
      ),
    },
  ];
}
