"use client";
import { Command } from "cmdk";
import { ChevronLeft } from "lucide-react";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Truncate } from "#components/ui/truncate.tsx";
import { useAsyncSearch } from "#components/ui/use-async-search.ts";
import type { RequestFilterKey } from "#lib/query/requests.ts";
import type { FilterDimension } from "./filter-dimensions.ts";

const itemClasses =
  "flex cursor-default items-center justify-between gap-3 rounded-md px-2 py-1.5 text-sm data-[selected=true]:bg-hover";

/** The two lists of `AddFilter`: by what, then which. */
export default function FilterChoices({
  dimensions,
  onChoose,
}: {
  dimensions: readonly FilterDimension[];
  onChoose: (key: RequestFilterKey, value: string) => void;
}) {
  const [dimension, setDimension] = useState<FilterDimension | null>(null);
  if (dimension === null) return <DimensionList dimensions={dimensions} onChoose={setDimension} />;
  return (
    <ValueList
      dimension={dimension}
      onBack={() => setDimension(null)}
      onChoose={(value) => onChoose(dimension.key, value)}
    />
  );
}

function DimensionList({
  dimensions,
  onChoose,
}: {
  dimensions: readonly FilterDimension[];
  onChoose: (dimension: FilterDimension) => void;
}) {
  return (
    <Command label="Filter by">
      <Command.Input
        autoFocus
        placeholder="Filter by…"
        className="h-9 w-full border-line border-b bg-transparent px-3 text-sm outline-none"
      />
      <Command.List className="max-h-80 overflow-y-auto p-1">
        <Command.Empty className="px-2 py-3 text-muted text-sm">Nothing found.</Command.Empty>
        {dimensions.map((dimension) => (
          <Command.Item
            key={dimension.key}
            value={dimension.label}
            onSelect={() => onChoose(dimension)}
            className={itemClasses}
          >
            {dimension.label}
          </Command.Item>
        ))}
      </Command.List>
    </Command>
  );
}

function ValueList({
  dimension,
  onBack,
  onChoose,
}: {
  dimension: FilterDimension;
  onBack: () => void;
  onChoose: (value: string) => void;
}) {
  const [query, setQuery] = useState("");
  const { results, state } = useAsyncSearch(dimension.search, query);
  return (
    <Command shouldFilter={false} label={dimension.label}>
      <div className="flex items-center border-line border-b pl-1">
        <Button variant="ghost" size="icon-sm" aria-label="Choose another filter" onClick={onBack}>
          <ChevronLeft aria-hidden />
        </Button>
        <Command.Input
          autoFocus
          value={query}
          onValueChange={setQuery}
          placeholder={`${dimension.label}…`}
          className="h-9 w-full bg-transparent px-2 text-sm outline-none"
        />
      </div>
      <Command.List className="max-h-72 overflow-y-auto p-1">
        {state === "failed" ? (
          <p className="px-2 py-3 text-danger text-sm">The search did not answer. Type again.</p>
        ) : null}
        {state === "loading" && results.length === 0 ? <p className="px-2 py-3 text-muted text-sm">Loading…</p> : null}
        {state === "done" && results.length === 0 ? (
          <p className="px-2 py-3 text-muted text-sm">Nothing found.</p>
        ) : null}
        {results.map((option) => (
          <Command.Item
            key={option.value}
            value={option.value}
            onSelect={() => onChoose(option.value)}
            className={itemClasses}
          >
            <Truncate text={option.label} className="min-w-0" />
            {option.hint ? <span className="shrink-0 truncate text-muted text-xs">{option.hint}</span> : null}
          </Command.Item>
        ))}
      </Command.List>
    </Command>
  );
}
