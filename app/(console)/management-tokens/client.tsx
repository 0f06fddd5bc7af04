"use client";
import { Plus, Shield } from "lucide-react";
import dynamic from "next/dynamic";
import { useQueryStates } from "nuqs";
import { useState } from "react";
import type { RowAction } from "#components/data-table/column.ts";
import { DataTable } from "#components/data-table/data-table.tsx";
import { useTableState } from "#components/data-table/use-table-state.ts";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { tokenColumns } from "#components/management-tokens/token-columns.tsx";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { SegmentedControl } from "#components/ui/segmented-control.tsx";
import { useMay, useViewer } from "#components/viewer/viewer.tsx";
import { mayGrant } from "#lib/contract/permissions.ts";
import type { ManagementTokenView } from "#lib/domain/management-token/schemas.ts";
import { useManagementTokens } from "#lib/query/management-tokens.ts";
import { tokenFilters } from "./search-params.ts";

const CreateTokenDialog = dynamic(
  () => import("#components/management-tokens/create-token-dialog.tsx").then((module) => module.CreateTokenDialog),
  { ssr: false },
);
const RevokeTokenDialog = dynamic(
  () => import("#components/management-tokens/revoke-token-dialog.tsx").then((module) => module.RevokeTokenDialog),
  { ssr: false },
);

const stateSegments = [
  { value: "any", label: "All" },
  { value: "active", label: "Active" },
  { value: "expired", label: "Expired" },
  { value: "revoked", label: "Revoked" },
] as const;

/** Every management token: found, made, revoked. */
export function ManagementTokensClient() {
  const table = useTableState();
  const [filters, setFilters] = useQueryStates(tokenFilters);
  const [revoking, setRevoking] = useState<ManagementTokenView | null>(null);
  const viewer = useViewer();
  const mayWrite = useMay("managementToken.write");
  const tokens = useManagementTokens({ q: table.search, cursor: table.cursor, state: filters.state });
  const filter = (state: typeof filters.state) => {
    table.goFirst();
    void setFilters({ state });
  };
  const createButton = mayWrite ? (
    <Button variant="primary" onClick={() => void setFilters({ new: true })}>
      <Plus aria-hidden />
      Create token
    </Button>
  ) : null;
  const actions = (token: ManagementTokenView): RowAction[] =>
    token.state !== "revoked" && viewer.role !== null && mayGrant(viewer.role, token.role)
      ? [{ label: "Revoke", isDestructive: true, onSelect: () => setRevoking(token) }]
      : [];
  return (
    <>
      <PageHeader
        title="Management tokens"
        description="Secrets for scripts and pipelines that call the management API. Not for calling models."
        actions={createButton}
      />
      <DataTable
        label="Management tokens"
        columns={tokenColumns}
        rows={tokens.data?.data}
        rowKey={({ id }) => id}
        state={table}
        nextCursor={tokens.data?.nextCursor ?? null}
        isRefreshing={tokens.isPlaceholderData}
        error={queryErrorState(tokens)}
        searchLabel="Search tokens"
        {...(mayWrite ? { rowActions: actions } : {})}
        isFiltered={filters.state !== null}
        onClearFilters={() => filter(null)}
        filters={
          <SegmentedControl
            label="State"
            segments={stateSegments}
            value={filters.state ?? "any"}
            onValueChange={(state) => filter(state === "any" ? null : state)}
          />
        }
        empty={
          <EmptyState icon={Shield} title="No management tokens yet" action={createButton}>
            A management token lets a script or pipeline do what this console does, within its role.
          </EmptyState>
        }
      />
      {filters.new && mayWrite ? <CreateTokenDialog onClose={() => void setFilters({ new: null })} /> : null}
      {revoking ? <RevokeTokenDialog token={revoking} onClose={() => setRevoking(null)} /> : null}
    </>
  );
}
