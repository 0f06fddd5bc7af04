"use client";
import { Plus } from "lucide-react";
import dynamic from "next/dynamic";
import { useQueryStates } from "nuqs";
import { useState } from "react";
import type { RowAction } from "#components/data-table/column.ts";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { GroupsCard } from "#components/node-groups/groups-card.tsx";
import { JoinTokens } from "#components/nodes/join-tokens.tsx";
import { RejectionNotice } from "#components/nodes/node-rejections.tsx";
import { NodeSummary } from "#components/nodes/node-summary.tsx";
import { WarningNotices } from "#components/nodes/node-warnings.tsx";
import { NodesTable } from "#components/nodes/nodes-table.tsx";
import { RemoveNode } from "#components/nodes/remove-node.tsx";
import { useDrain } from "#components/nodes/use-drain.ts";
import { useLiveNodes } from "#components/nodes/use-live-nodes.ts";
import { useQuarantine } from "#components/nodes/use-quarantine.ts";
import { Button } from "#components/ui/button.tsx";
import { LiveMark } from "#components/ui/live-mark.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import type { NodeView } from "#lib/domain/node/schemas.ts";
import { nodesPageParsers } from "./search-params.ts";

const RenameNode = dynamic(() => import("#components/nodes/rename-node.tsx").then((module) => module.RenameNode));
const NodeSheet = dynamic(() => import("#components/nodes/node-sheet.tsx").then((module) => module.NodeSheet));

const AddNodeDialog = dynamic(
  () => import("#components/nodes/add-node-dialog.tsx").then((module) => module.AddNodeDialog),
  { ssr: false },
);

const ExportBundleDialog = dynamic(
  () => import("#components/nodes/export-bundle-dialog.tsx").then((module) => module.ExportBundleDialog),
  { ssr: false },
);

type Deed = { kind: "rename" | "remove"; node: NodeView } | null;

/** The gateway nodes, live. */
export function NodesClient() {
  const mayWrite = useMay("node.write");
  const mayAdd = useMay("joinToken.write");
  const [state, setState] = useQueryStates(nodesPageParsers);
  const { query, live, toggle } = useLiveNodes({ pace: "steady" });
  const mayExport = useMay("nodeBundle.create");
  const [isExporting, setExporting] = useState(false);
  const [deed, setDeed] = useState<Deed>(null);
  const drain = useDrain();
  const quarantine = useQuarantine();
  const nodes = query.data;
  const opened = nodes?.find((node) => node.id === state.node) ?? null;
  const actionsOf = (node: NodeView): RowAction[] => [
    { label: "Rename…", onSelect: () => setDeed({ kind: "rename", node }) },
    { label: node.isDraining ? "Let it serve again" : "Drain", onSelect: () => void drain(node) },
    {
      label: node.isQuarantined ? "Let it take canaries" : "Keep canaries away",
      onSelect: () => void quarantine(node),
    },
    { label: "Remove…", isDestructive: true, onSelect: () => setDeed({ kind: "remove", node }) },
  ];
  const addButton = mayAdd ? (
    <Button variant="primary" onClick={() => void setState({ new: true })}>
      <Plus aria-hidden />
      Add a node
    </Button>
  ) : null;
  return (
    <>
      <PageHeader
        title="Nodes"
        description="Gateways that answer calls with the newest revision."
        actions={
          <>
            <LiveMark state={live} onToggle={toggle} />
            {mayExport ? <Button onClick={() => setExporting(true)}>Export a bundle</Button> : null}
            {addButton}
          </>
        }
      />
      {nodes || !query.isError ? <NodeSummary nodes={nodes} /> : null}
      <div className="mb-4 flex flex-col gap-2 empty:hidden">
        {nodes?.map((node) => (
          <RejectionNotice key={node.id} node={node} />
        ))}
        {nodes?.map((node) => (
          <WarningNotices key={node.id} node={node} />
        ))}
      </div>
      <div className="flex flex-col gap-4">
        <NodesTable
          nodes={nodes}
          error={nodes ? null : queryErrorState(query)}
          group={state.group}
          onGroup={(group) => void setState({ group })}
          onOpen={(node) => void setState({ node: node.id })}
          actionsOf={mayWrite ? actionsOf : null}
          addButton={addButton}
        />
        <GroupsCard />
        <JoinTokens nodes={nodes} />
      </div>
      {opened ? (
        <NodeSheet
          node={opened}
          onClose={() => void setState({ node: null })}
          actions={mayWrite ? <SheetActions actions={actionsOf(opened)} /> : null}
        />
      ) : null}
      {deed?.kind === "rename" ? <RenameNode node={deed.node} onClose={() => setDeed(null)} /> : null}
      <RemoveNode
        node={deed?.kind === "remove" ? deed.node : null}
        serving={nodes?.filter((node) => node.state === "serving").length ?? 0}
        onClose={() => setDeed(null)}
      />
      {isExporting ? <ExportBundleDialog onClose={() => setExporting(false)} /> : null}
      {state.new && mayAdd ? <AddNodeDialog onClose={() => void setState({ new: null })} /> : null}
    </>
  );
}

function SheetActions({ actions }: { actions: readonly RowAction[] }) {
  return (
    <>
      {actions.map((action) => (
        <Button
          key={action.label}
          variant={action.isDestructive ? "danger-outline" : "secondary"}
          onClick={action.onSelect}
        >
          {action.label}
        </Button>
      ))}
    </>
  );
}
