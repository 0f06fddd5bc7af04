"use client";
import type { ReactNode } from "react";
import { BarList, type BarListItem } from "#components/charts/bar-list.tsx";
import { formatMoney } from "#components/format/money.ts";
import { exactNumber, formatNumber } from "#components/format/number.ts";
import { describeProblem } from "#components/forms/describe-problem.ts";
import { Button } from "#components/ui/button.tsx";
import { TitledCard } from "#components/ui/card.tsx";
import type { UsageView } from "#lib/domain/usage/schemas.ts";
import { type UsageAsked, useUsage } from "#lib/query/usage.ts";
import { errorRows, statusWords } from "./usage-points.ts";

const shownMax = 7;
type Row = UsageView["groups"][number];

/** Where the calls of the range came from and went to. `linkTo` makes the address of the explorer with one filter. */
export function TopLists({
  asked,
  everyMs,
  byStatus,
  linkTo,
}: {
  asked: UsageAsked;
  everyMs: number | false;
  byStatus: UsageView | undefined;
  linkTo: (filter: Record<string, string>) => string | undefined;
}) {
  const linked = (filter: Record<string, string> | null) => {
    const href = filter === null ? undefined : linkTo(filter);
    return href === undefined ? {} : { href };
  };
  const errors = byStatus && errorRows(byStatus).slice(0, shownMax);
  return (
    <div className="mt-4 grid gap-4 md:grid-cols-2 2xl:grid-cols-4">
      <TopList
        title="Top consumers"
        asked={asked}
        everyMs={everyMs}
        groupBy="consumer"
        item={(row) => ({
          label: row.group.consumer?.name ?? row.group.consumer?.id ?? "unknown callers",
          ...linked(row.group.consumer ? { consumerId: row.group.consumer.id } : { status: "401" }),
        })}
      />
      <TopList
        title="Top routes"
        asked={asked}
        everyMs={everyMs}
        groupBy="route"
        item={(row) => ({
          label: row.group.route ?? "no route",
          ...linked(row.group.route ? { route: row.group.route } : null),
        })}
      />
      <TopList
        title="Top models"
        asked={asked}
        everyMs={everyMs}
        groupBy="model"
        item={(row) => ({
          label: row.group.model ?? "not sent to a model",
          ...linked(row.group.model ? { model: row.group.model } : null),
        })}
      />
      <TitledCard title="Errors">
        <BarList
          label="Errors by status"
          items={errors?.map(({ status, requests }) => ({
            key: String(status),
            label: `${status} ${statusWords(status)}`,
            value: requests,
            ...linked({ status: String(status) }),
          }))}
          format={formatNumber}
          emptyText="No call was refused or failed in this range."
          rows={shownMax}
        />
      </TitledCard>
    </div>
  );
}

function TopList({
  title,
  asked,
  everyMs,
  groupBy,
  item,
}: {
  title: string;
  asked: UsageAsked;
  everyMs: number | false;
  groupBy: string;
  item: (row: Row) => Pick<BarListItem, "label" | "href">;
}): ReactNode {
  const query = useUsage({ ...asked, groupBy, limit: shownMax }, everyMs);
  const rows = query.data?.groups.filter(({ group }) => group.key !== "other");
  if (!rows && query.isError)
    return (
      <TitledCard title={title}>
        <p role="alert" className="mb-2 text-muted text-sm">
          {describeProblem(query.error)}
        </p>
        <Button size="sm" onClick={() => void query.refetch()}>
          Try again
        </Button>
      </TitledCard>
    );
  return (
    <TitledCard title={title}>
      <BarList
        label={title}
        items={rows?.map((row) => ({
          key: row.group.key,
          value: row.requests,
          hint: (
            <span title={`${exactNumber(row.inputTokens + row.outputTokens)} tokens`}>{formatMoney(row.cost)}</span>
          ),
          ...item(row),
        }))}
        format={formatNumber}
        emptyText="No calls in this range."
        rows={shownMax}
      />
    </TitledCard>
  );
}
