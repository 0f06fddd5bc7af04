"use client";
import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import dynamic from "next/dynamic";
import { useQueryStates } from "nuqs";
import { useState } from "react";
import { searchPlans, searchTeams } from "#components/choices/search-options.ts";
import { ConsumerTable } from "#components/consumers/consumer-table.tsx";
import { useTableState } from "#components/data-table/use-table-state.ts";
import { Button } from "#components/ui/button.tsx";
import { Combobox, type ComboboxOption } from "#components/ui/combobox.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import { PlanView } from "#lib/domain/plan/schemas.ts";
import { TeamView } from "#lib/domain/team/schemas.ts";
import { callApi } from "#lib/query/api-client.ts";
import { consumerFilters } from "./search-params.ts";

const ConsumerDialog = dynamic(
  () => import("#components/consumers/consumer-dialog.tsx").then((module) => module.ConsumerDialog),
  { ssr: false },
);

/** Every consumer in reach: found, added, moved, suspended, deleted. */
export function ConsumersClient() {
  const table = useTableState();
  const [filters, setFilters] = useQueryStates(consumerFilters);
  const mayWrite = useMay("consumer.write");
  const query = { q: table.search, cursor: table.cursor, teamId: filters.teamId, planId: filters.planId };
  const filter = (changed: { teamId?: string | null; planId?: string | null }) => {
    table.goFirst();
    void setFilters(changed);
  };
  const createButton = mayWrite ? (
    <Button variant="primary" onClick={() => void setFilters({ new: true })}>
      <Plus aria-hidden />
      Add consumer
    </Button>
  ) : null;
  return (
    <>
      <PageHeader
        title="Consumers"
        description="Applications that call the gateway, each with its team, plan and keys."
        actions={createButton}
      />
      <ConsumerTable
        state={table}
        query={query}
        createButton={createButton}
        isFiltered={filters.teamId !== null || filters.planId !== null}
        onClearFilters={() => filter({ teamId: null, planId: null })}
        filters={
          <>
            <ChoiceFilter
              label="Team"
              anyWord="Any team"
              path="/teams"
              schema={TeamView}
              search={searchTeams}
              id={filters.teamId}
              onChange={(teamId) => filter({ teamId })}
            />
            <ChoiceFilter
              label="Plan"
              anyWord="Any plan"
              path="/plans"
              schema={PlanView}
              search={searchPlans}
              id={filters.planId}
              onChange={(planId) => filter({ planId })}
            />
          </>
        }
      />
      {filters.new && mayWrite ? <ConsumerDialog onClose={() => void setFilters({ new: null })} /> : null}
    </>
  );
}

/** A filter by one thing, whose name is asked for where only its id stands in the URL. */
function ChoiceFilter({
  label,
  anyWord,
  path,
  schema,
  search,
  id,
  onChange,
}: {
  label: string;
  anyWord: string;
  path: string;
  schema: typeof TeamView | typeof PlanView;
  search: typeof searchTeams;
  id: string | null;
  onChange: (id: string | null) => void;
}) {
  const [chosen, setChosen] = useState<ComboboxOption | null>(null);
  const isKnown = id === null || chosen?.value === id;
  const { data } = useQuery({
    queryKey: [path.slice(1), "one", id],
    queryFn: ({ signal }) => callApi(schema, "GET", `${path}/${id}`, { signal }),
    enabled: !isKnown,
  });
  const value = id === null ? null : isKnown ? chosen : { value: id, label: data?.name ?? id };
  return (
    <Combobox
      aria-label={label}
      className="w-40"
      search={search}
      value={value}
      onValueChange={(option) => {
        setChosen(option);
        onChange(option?.value ?? null);
      }}
      placeholder={anyWord}
      isClearable
    />
  );
}
