"use client";
import { SquareTerminal } from "lucide-react";
import { type ReactNode, useMemo } from "react";
import type { RowAction } from "#components/data-table/column.ts";
import { DataTable } from "#components/data-table/data-table.tsx";
import { useTableState } from "#components/data-table/use-table-state.ts";
import { nodeColumns } from "#components/nodes/node-columns.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import type { ErrorStateProps } from "#components/ui/error-state.tsx";
import { Select } from "#components/ui/select.tsx";
import type { NodeView } from "#lib/domain/node/schemas.ts";

const everyGroup = "every group";

/** The nodes as they last reported. They are few and all at hand, so search and group filter here. */
export function NodesTable({
  nodes,
  error,
  group,
  onGroup,
  onOpen,
  actionsOf,
  addButton,
}: {
  nodes: readonly NodeView[] | undefined;
  error: ErrorStateProps | null;
  group: string | null;
  onGroup: (group: string | null) => void;
  onOpen: (node: NodeView) => void;
  /** Null where the viewer may change nothing. */
  actionsOf: ((node: NodeView) => readonly RowAction[]) | null;
  addButton: ReactNode;
}) {
  const state = useTableState();
  const groups = useMemo(() => [...new Set(nodes?.map((node) => node.group))].toSorted(), [nodes]);
  const rows = useMemo(() => {
    const text = state.search.trim().toLowerCase();
    return nodes
      ?.filter((node) => (group === null || node.group === group) && node.name.toLowerCase().includes(text))
      .toSorted((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id));
  }, [nodes, group, state.search]);
  return (
    <DataTable
      label="Nodes"
      columns={nodeColumns}
      rows={rows}
      rowKey={(node) => node.id}
      state={state}
      nextCursor={null}
      error={error}
      searchLabel="Search nodes"
      isFiltered={group !== null}
      onClearFilters={() => onGroup(null)}
      onRowOpen={onOpen}
      skeletonRows={3}
      {...(actionsOf ? { rowActions: actionsOf } : {})}
      filters={
        groups.length > 1 || group !== null ? (
          <Select
            aria-label="Group"
            className="w-40"
            value={group ?? everyGroup}
            onValueChange={(next) => onGroup(next === everyGroup ? null : next)}
            options={[everyGroup, ...new Set([...groups, ...(group === null ? [] : [group])])].map((name) => ({
              value: name,
              label: name === everyGroup ? "Every group" : name,
            }))}
          />
        ) : null
      }
      empty={
        <EmptyState icon={SquareTerminal} title="No node yet" action={addButton}>
          A node answers calls with the newest revision. It joins with a one-use token.
        </EmptyState>
      }
    />
  );
}
