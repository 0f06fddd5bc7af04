"use client";
import { sentenceCase } from "#components/format/words.ts";
import { Combobox, type ComboboxProps } from "#components/ui/combobox.tsx";
import { type FilterChip, FilterChips } from "#components/ui/filter-chips.tsx";
import { Select } from "#components/ui/select.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import { UserPage } from "#lib/domain/user/schemas.ts";
import { callApi, queryString } from "#lib/query/api-client.ts";
import { type AuditFilterKey, type AuditFilters, auditFilterKeys } from "#lib/query/audit.ts";
import { actionWords, nounWords, resourceOptions } from "./audit-words.ts";

type SetFilter = (key: AuditFilterKey, values: readonly string[]) => void;
const anything = "any";

const searchPeople: ComboboxProps["search"] = async (q, signal) => {
  const { data } = await callApi(UserPage, "GET", `/users${queryString({ q, limit: 20 })}`, { signal });
  return data.map(({ id, name, email }) => ({ value: id, label: name, hint: email }));
};

/** Whose acts, and on what. */
export function AuditFilterControls({ filters, onSet }: { filters: AuditFilters; onSet: SetFilter }) {
  const maySearchPeople = useMay("user.read");
  return (
    <>
      {maySearchPeople ? (
        <Combobox
          aria-label="Filter by person"
          placeholder="Anybody"
          className="w-40"
          search={searchPeople}
          value={null}
          onValueChange={(person) => person && onSet("actorId", [person.value])}
        />
      ) : null}
      <Select
        aria-label="Filter by resource"
        className="w-44"
        options={[
          { value: anything, label: "Any resource" },
          ...resourceOptions.map((noun) => ({ value: noun, label: sentenceCase(nounWords(noun)) })),
        ]}
        value={resourceOptions.find((noun) => noun === filters.resource?.[0]) ?? anything}
        onValueChange={(noun) => onSet("resource", noun === anything ? [] : [noun])}
      />
    </>
  );
}

/** The filters in force. `actorName` names the person whose entries are in sight. */
export function AuditFilterChips({
  filters,
  actorName,
  onSet,
  onClear,
}: {
  filters: AuditFilters;
  actorName: (id: string) => string | undefined;
  onSet: SetFilter;
  onClear: () => void;
}) {
  const labels: Record<AuditFilterKey, string> = {
    actorId: "Who",
    action: "Action",
    resource: "Resource",
    resourceId: "Id",
    teamId: "Team",
    outcome: "Outcome",
  };
  const shown = (key: AuditFilterKey, value: string) => {
    if (key === "actorId") return actorName(value) ?? value;
    if (key === "resource") return nounWords(value);
    return key === "action" ? actionWords(value) : value;
  };
  const chips = auditFilterKeys.flatMap((key) =>
    (filters[key] ?? []).map(
      (value): FilterChip => ({
        key: `${key} ${value}`,
        label: labels[key],
        value: shown(key, value),
        onRemove: () => onSet(key, filters[key]?.filter((each) => each !== value) ?? []),
      }),
    ),
  );
  return <FilterChips chips={chips} onClear={onClear} />;
}
