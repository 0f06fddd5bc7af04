"use client";
import { Plus } from "lucide-react";
import dynamic from "next/dynamic";
import { useQueryStates } from "nuqs";
import { ApiKeyTable } from "#components/api-keys/api-key-table.tsx";
import { useTableState } from "#components/data-table/use-table-state.ts";
import { Button } from "#components/ui/button.tsx";
import { type FilterChip, FilterChips } from "#components/ui/filter-chips.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { SegmentedControl } from "#components/ui/segmented-control.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import { useConsumer } from "#lib/query/consumers.ts";
import { apiKeyFilters } from "./search-params.ts";

const IssueKeyDialog = dynamic(
  () => import("#components/api-keys/issue-key-dialog.tsx").then((module) => module.IssueKeyDialog),
  { ssr: false },
);

const stateSegments = [
  { value: "any", label: "All" },
  { value: "active", label: "Active" },
  { value: "expired", label: "Expired" },
  { value: "revoked", label: "Revoked" },
] as const;

/** Every key in reach: found, issued, edited, revoked. */
export function ApiKeysClient({ gatewayUrl }: { gatewayUrl: string }) {
  const table = useTableState();
  const [filters, setFilters] = useQueryStates(apiKeyFilters);
  const mayWrite = useMay("apiKey.write");
  const query = { q: table.search, cursor: table.cursor, state: filters.state, consumerId: filters.consumerId };
  const filter = (changed: Partial<Pick<typeof filters, "state" | "consumerId">>) => {
    table.goFirst();
    void setFilters(changed);
  };
  const createButton = mayWrite ? (
    <Button variant="primary" onClick={() => void setFilters({ new: true })}>
      <Plus aria-hidden />
      Create key
    </Button>
  ) : null;
  return (
    <>
      <PageHeader
        title="API keys"
        description="The secrets that applications call the gateway with. A key belongs to a consumer and follows its plan."
        actions={createButton}
      />
      <ApiKeyTable
        state={table}
        query={query}
        isConsumerShown
        createButton={createButton}
        isFiltered={filters.state !== null || filters.consumerId !== null}
        onClearFilters={() => filter({ state: null, consumerId: null })}
        filters={
          <SegmentedControl
            label="State"
            segments={stateSegments}
            value={filters.state ?? "any"}
            onValueChange={(state) => filter({ state: state === "any" ? null : state })}
          />
        }
        chips={
          filters.consumerId === null ? null : (
            <ConsumerChip id={filters.consumerId} onRemove={() => filter({ consumerId: null })} />
          )
        }
      />
      {filters.new && mayWrite ? (
        <IssueKeyDialog isOpen onOpenChange={() => void setFilters({ new: null })} gatewayUrl={gatewayUrl} />
      ) : null}
    </>
  );
}

function ConsumerChip({ id, onRemove }: { id: string; onRemove: () => void }) {
  const { data } = useConsumer(id);
  const chip: FilterChip = { key: "consumer", label: "Consumer", value: data?.name ?? id, onRemove };
  return <FilterChips chips={[chip]} />;
}
