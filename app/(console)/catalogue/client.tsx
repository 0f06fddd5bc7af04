"use client";
import { Library, Plus } from "lucide-react";
import { useQueryState } from "nuqs";
import { useState } from "react";
import { catalogueColumns } from "#components/catalogue/catalogue-columns.tsx";
import { PriceDialog } from "#components/catalogue/price-dialog.tsx";
import { RemovePrice } from "#components/catalogue/remove-price.tsx";
import type { RowAction } from "#components/data-table/column.ts";
import { DataTable } from "#components/data-table/data-table.tsx";
import { useTableState } from "#components/data-table/use-table-state.ts";
import { HistorySheet } from "#components/draft/history-sheet.tsx";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Select } from "#components/ui/select.tsx";
import { providers } from "#components/upstreams/provider-words.ts";
import { useMay } from "#components/viewer/viewer.tsx";
import type { CatalogueModel } from "#lib/domain/model/schemas.ts";
import { useCatalogue } from "#lib/query/catalogue.ts";
import { catalogueParsers } from "./search-params.ts";

const every = "every";
const providerOptions = [
  { value: every, label: "Every provider" },
  ...providers.map(({ kind, label }) => ({ value: kind, label })),
];

/** The catalogue: searched by provider and words; an admin sets prices in it. */
export function CatalogueClient() {
  const mayPrice = useMay("price.write");
  const state = useTableState();
  const [provider, setProvider] = useQueryState("provider", catalogueParsers.provider);
  const query = useCatalogue({ q: state.search, provider, cursor: state.cursor });
  const [priced, setPriced] = useState<CatalogueModel | "new" | null>(null);
  const [doomed, setDoomed] = useState<CatalogueModel | null>(null);
  const [looked, setLooked] = useState<CatalogueModel | null>(null);
  const actions = (model: CatalogueModel): RowAction[] => [
    { label: model.override ? "Change the price" : "Set a price", onSelect: () => setPriced(model) },
    { label: "History", onSelect: () => setLooked(model) },
    ...(model.override
      ? [{ label: "Take back the price…", isDestructive: true, onSelect: () => setDoomed(model) }]
      : []),
  ];
  const choose = (kind: string) => {
    state.goFirst();
    void setProvider(kind === every ? null : kind);
  };
  return (
    <>
      <PageHeader
        title="Catalogue"
        description="The models that providers have, and what a call costs. Context windows and modalities are for people: nothing is enforced from them."
        actions={
          mayPrice ? (
            <Button onClick={() => setPriced("new")}>
              <Plus aria-hidden />
              Set a model’s price
            </Button>
          ) : null
        }
      />
      <DataTable
        label="Models"
        columns={catalogueColumns}
        rows={query.data?.data}
        rowKey={({ provider: kind, model }) => `${kind} ${model}`}
        state={state}
        nextCursor={query.data?.nextCursor ?? null}
        isRefreshing={query.isPlaceholderData}
        error={query.data ? null : queryErrorState(query)}
        searchLabel="Search models"
        isFiltered={provider !== null}
        onClearFilters={() => choose(every)}
        filters={
          <Select
            aria-label="Provider"
            options={providerOptions}
            value={provider ?? every}
            onValueChange={choose}
            className="sm:w-56"
          />
        }
        {...(mayPrice ? { rowActions: actions } : {})}
        empty={
          <EmptyState icon={Library} title="No models">
            The catalogue comes with the release; there should be models in it.
          </EmptyState>
        }
      />
      <HistorySheet
        subject={looked && { resource: "price", id: `${looked.provider}/${looked.model}` }}
        name={`the price of ${looked?.model ?? ""}`}
        onClose={() => setLooked(null)}
      />
      {priced === null ? null : (
        <PriceDialog
          key={priced === "new" ? "new" : `${priced.provider} ${priced.model}`}
          model={priced === "new" ? null : priced}
          onClose={() => setPriced(null)}
        />
      )}
      <RemovePrice model={doomed} onClose={() => setDoomed(null)} />
    </>
  );
}
