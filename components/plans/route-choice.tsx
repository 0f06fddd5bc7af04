"use client";
import { useState } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { CheckboxField } from "#components/ui/checkbox.tsx";
import { SearchInput } from "#components/ui/search-input.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { useEveryRoute } from "#lib/query/routes.ts";

const searchFrom = 8;

/** Several routes by name. Names that no route has any more stay in sight, so that they can be taken out. */
export function RouteChoice({
  value,
  onChange,
  ...group
}: {
  value: readonly string[];
  onChange: (names: string[]) => void;
  id: string;
  "aria-describedby": string | undefined;
}) {
  const { data: routes, isError, refetch } = useEveryRoute();
  const [query, setQuery] = useState("");
  if (isError) {
    return (
      <p role="alert" className="text-danger text-sm">
        The routes did not load.{" "}
        <button type="button" className="underline" onClick={() => void refetch()}>
          Try again
        </button>
      </p>
    );
  }
  if (!routes) return <Skeleton className="h-24" />;
  const known = routes.map((route) => route.name).toSorted((a, b) => a.localeCompare(b));
  const unknown = value.filter((name) => !known.includes(name));
  const shown = [...unknown, ...known].filter((name) => name.toLowerCase().includes(query.trim().toLowerCase()));
  const toggle = (name: string, isChosen: boolean) =>
    onChange(isChosen ? [...value, name] : value.filter((other) => other !== name));
  return (
    <fieldset aria-label="Routes" className="flex flex-col gap-2" {...group}>
      {known.length >= searchFrom ? <SearchInput label="Find a route" value={query} onValueChange={setQuery} /> : null}
      <div className="flex max-h-64 flex-col gap-2 overflow-y-auto rounded-lg border border-line p-3">
        {shown.length === 0 ? (
          <p className="text-muted text-sm">{known.length === 0 ? "There are no routes yet." : "No route matches."}</p>
        ) : null}
        {shown.map((name) => (
          <CheckboxField
            key={name}
            checked={value.includes(name)}
            onCheckedChange={(isChosen) => toggle(name, isChosen === true)}
            label={
              <span className="inline-flex flex-wrap items-center gap-2 break-all">
                {name}
                {unknown.includes(name) ? <Badge tone="warning">no such route</Badge> : null}
              </span>
            }
          />
        ))}
      </div>
      <p className="num text-muted text-xs">{value.length === 1 ? "1 route" : `${value.length} routes`} chosen</p>
    </fieldset>
  );
}
