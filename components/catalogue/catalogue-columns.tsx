import { modalityLine, priceLine } from "#components/catalogue/price-words.ts";
import type { DataTableColumn } from "#components/data-table/column.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Count } from "#components/ui/figures.tsx";
import { Truncate } from "#components/ui/truncate.tsx";
import { providerLabel } from "#components/upstreams/provider-words.ts";
import type { CatalogueModel } from "#lib/domain/model/schemas.ts";

/** The columns of the catalogue. */
export const catalogueColumns: readonly DataTableColumn<CatalogueModel>[] = [
  {
    id: "model",
    header: "Model",
    phone: "title",
    cell: ({ model, isDeprecated }) => (
      <span className="flex min-w-0 items-center gap-2">
        <Truncate text={model} />
        {isDeprecated ? <Badge tone="warning">Deprecated</Badge> : null}
      </span>
    ),
    exportValue: ({ model }) => model,
    className: "w-1/3",
  },
  {
    id: "provider",
    header: "Provider",
    cell: ({ provider }) => <Truncate text={providerLabel(provider)} />,
    exportValue: ({ provider }) => provider,
    className: "w-40",
  },
  {
    id: "contextTokens",
    header: "Context",
    isNumeric: true,
    cell: ({ contextTokens }) =>
      contextTokens === null ? <span className="text-faint">Not known</span> : <Count value={contextTokens} />,
    exportValue: ({ contextTokens }) => contextTokens,
    className: "w-28",
  },
  {
    id: "modalities",
    header: "Reads → writes",
    cell: ({ modalities }) => (
      <Truncate text={modalityLine(modalities)} className={modalities === null ? "text-faint" : ""} />
    ),
    exportValue: ({ modalities }) => modalityLine(modalities),
  },
  {
    id: "capabilities",
    header: "Can",
    isHiddenAtFirst: true,
    cell: ({ capabilities }) => <Truncate text={capabilities.join(", ")} />,
    exportValue: ({ capabilities }) => capabilities.join(", "),
  },
  {
    id: "price",
    header: "Price a million tokens",
    cell: ({ price, override }) => (
      <span className="flex min-w-0 items-center gap-2">
        <Truncate text={priceLine(price)} className={price === null ? "text-faint" : ""} />
        {override === null ? null : <Badge tone="accent">Set here</Badge>}
      </span>
    ),
    exportValue: ({ price }) => priceLine(price),
    className: "w-1/4",
  },
];
