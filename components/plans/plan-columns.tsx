import Link from "next/link";
import type { DataTableColumn } from "#components/data-table/column.ts";
import { rateLimitWords } from "#components/plans/rate-limit-words.ts";
import { Count } from "#components/ui/figures.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Truncate } from "#components/ui/truncate.tsx";
import type { PlanView } from "#lib/domain/plan/schemas.ts";

/** The limits of a plan in one line. */
export function limitsLine(plan: Pick<PlanView, "rateLimits">): string {
  return plan.rateLimits.length === 0 ? "No limit" : plan.rateLimits.map((limit) => rateLimitWords(limit)).join(", ");
}

/** What a plan allows, in one line. */
export function routesLine({ routes }: Pick<PlanView, "routes">): string {
  if (routes.includes("*")) return "Every route";
  return routes.length === 0 ? "No route" : routes.join(", ");
}

/** The columns of the list of plans. */
export const planColumns: readonly DataTableColumn<PlanView>[] = [
  {
    id: "name",
    header: "Name",
    phone: "title",
    cell: (plan) => (
      <Link href={`/plans/${plan.id}`} prefetch={false} className="hover:underline">
        <Truncate text={plan.name} />
      </Link>
    ),
    exportValue: (plan) => plan.name,
    className: "w-1/5",
  },
  {
    id: "limits",
    header: "Rate limits",
    cell: (plan) => <Truncate text={limitsLine(plan)} />,
    exportValue: limitsLine,
    className: "w-1/3",
  },
  {
    id: "routes",
    header: "Routes",
    cell: (plan) => <Truncate text={routesLine(plan)} />,
    exportValue: routesLine,
  },
  {
    id: "consumers",
    header: "Consumers",
    isNumeric: true,
    cell: (plan) => <Count value={plan.consumers} />,
    exportValue: (plan) => plan.consumers,
    className: "w-28",
  },
  {
    id: "updatedAt",
    header: "Changed",
    cell: (plan) => <RelativeTime at={plan.updatedAt} />,
    exportValue: (plan) => plan.updatedAt,
    className: "w-32",
  },
];
