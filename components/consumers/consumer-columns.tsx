import Link from "next/link";
import { ConsumerState } from "#components/consumers/consumer-state.tsx";
import type { DataTableColumn } from "#components/data-table/column.ts";
import { Count } from "#components/ui/figures.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Truncate } from "#components/ui/truncate.tsx";
import type { ConsumerView } from "#lib/domain/consumer/schemas.ts";

const quietLink = "text-muted hover:text-fg hover:underline";

/** The columns of every list of consumers. */
export const consumerColumns: readonly DataTableColumn<ConsumerView>[] = [
  {
    id: "name",
    header: "Name",
    phone: "title",
    cell: ({ id, name }) => (
      <Link href={`/consumers/${id}`} prefetch={false} className="hover:underline">
        <Truncate text={name} />
      </Link>
    ),
    exportValue: ({ name }) => name,
  },
  {
    id: "team",
    header: "Team",
    cell: ({ teamId, teamName }) => (
      <Link href={`/teams/${teamId}`} prefetch={false} className={quietLink}>
        <Truncate text={teamName} />
      </Link>
    ),
    exportValue: ({ teamName }) => teamName,
    className: "w-1/5",
  },
  {
    id: "plan",
    header: "Plan",
    cell: ({ planId, planName }) =>
      planName === null ? (
        <span className="text-danger">not published</span>
      ) : (
        <Link href={`/plans/${planId}`} prefetch={false} className={quietLink}>
          <Truncate text={planName} />
        </Link>
      ),
    exportValue: ({ planName }) => planName,
    className: "w-1/5",
  },
  {
    id: "apiKeys",
    header: "Keys",
    isNumeric: true,
    cell: ({ apiKeys }) => <Count value={apiKeys} />,
    exportValue: ({ apiKeys }) => apiKeys,
    className: "min-w-20",
  },
  {
    id: "state",
    header: "State",
    cell: (consumer) => <ConsumerState consumer={consumer} />,
    exportValue: ({ suspended }) => (suspended ? "suspended" : "active"),
    className: "min-w-32",
  },
  {
    id: "suspendedReason",
    header: "Reason",
    cell: ({ suspendedReason }) => <Truncate text={suspendedReason ?? ""} />,
    exportValue: ({ suspendedReason }) => suspendedReason,
    isHiddenAtFirst: true,
  },
  {
    id: "createdAt",
    header: "Created",
    cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
    exportValue: ({ createdAt }) => createdAt,
    className: "min-w-28",
  },
];
