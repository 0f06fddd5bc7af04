import Link from "next/link";
import type { DataTableColumn } from "#components/data-table/column.ts";
import { Count } from "#components/ui/figures.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Truncate } from "#components/ui/truncate.tsx";
import type { TeamView } from "#lib/domain/team/schemas.ts";

/** The columns of the list of teams. */
export const teamColumns: readonly DataTableColumn<TeamView>[] = [
  {
    id: "name",
    header: "Name",
    phone: "title",
    cell: ({ id, name }) => (
      <Link href={`/teams/${id}`} prefetch={false} className="hover:underline">
        <Truncate text={name} />
      </Link>
    ),
    exportValue: ({ name }) => name,
  },
  {
    id: "consumers",
    header: "Consumers",
    isNumeric: true,
    cell: ({ consumers }) => <Count value={consumers} />,
    exportValue: ({ consumers }) => consumers,
    className: "min-w-32",
  },
  {
    id: "members",
    header: "Members",
    isNumeric: true,
    cell: ({ members }) => <Count value={members} />,
    exportValue: ({ members }) => members,
    className: "min-w-32",
  },
  {
    id: "createdAt",
    header: "Created",
    cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
    exportValue: ({ createdAt }) => createdAt,
    className: "min-w-40",
  },
];
