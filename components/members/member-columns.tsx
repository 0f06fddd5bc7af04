import Link from "next/link";
import type { DataTableColumn } from "#components/data-table/column.ts";
import { MemberState } from "#components/members/member-state.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Truncate } from "#components/ui/truncate.tsx";
import type { UserView } from "#lib/domain/user/schemas.ts";

const teamNames = (user: UserView) => user.teams.map(({ name }) => name).join(", ");

/** The columns of the list of members. */
export const memberColumns: readonly DataTableColumn<UserView>[] = [
  {
    id: "name",
    header: "Name",
    phone: "title",
    cell: ({ id, name }) => (
      <Link href={`/members/${id}`} prefetch={false} className="hover:underline">
        <Truncate text={name} />
      </Link>
    ),
    exportValue: ({ name }) => name,
  },
  {
    id: "email",
    header: "E-mail",
    cell: ({ email }) => <Truncate text={email} className="text-muted" />,
    exportValue: ({ email }) => email,
    className: "w-1/5",
  },
  {
    id: "role",
    header: "Role",
    cell: ({ role }) => <Badge tone={role === "owner" ? "accent" : "neutral"}>{role}</Badge>,
    exportValue: ({ role }) => role,
    className: "min-w-28",
  },
  {
    id: "teams",
    header: "Teams",
    cell: (user) =>
      user.teams.length === 0 ? <span className="text-faint">none</span> : <Truncate text={teamNames(user)} />,
    exportValue: teamNames,
    className: "w-1/6",
  },
  {
    id: "state",
    header: "State",
    cell: (user) => <MemberState user={user} />,
    exportValue: ({ disabled }) => (disabled ? "disabled" : "active"),
    className: "min-w-28",
  },
  {
    id: "lastSignInAt",
    header: "Last sign-in",
    cell: ({ lastSignInAt }) => <RelativeTime at={lastSignInAt} />,
    exportValue: ({ lastSignInAt }) => lastSignInAt,
    className: "min-w-36",
  },
];
