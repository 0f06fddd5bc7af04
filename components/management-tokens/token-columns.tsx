import { KeyEnd, KeyHint, KeyState } from "#components/api-keys/api-key-state.tsx";
import type { DataTableColumn } from "#components/data-table/column.ts";
import { Badge } from "#components/ui/badge.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Truncate } from "#components/ui/truncate.tsx";
import type { ManagementTokenView } from "#lib/domain/management-token/schemas.ts";

/** The columns of the list of management tokens. */
export const tokenColumns: readonly DataTableColumn<ManagementTokenView>[] = [
  {
    id: "name",
    header: "Name",
    phone: "title",
    cell: ({ name }) => <Truncate text={name} />,
    exportValue: ({ name }) => name,
  },
  {
    id: "role",
    header: "Role",
    cell: ({ role }) => <Badge tone={role === "owner" ? "accent" : "neutral"}>{role}</Badge>,
    exportValue: ({ role }) => role,
    className: "min-w-28",
  },
  {
    id: "token",
    header: "Token",
    cell: ({ prefix, last4 }) => <KeyHint prefix={prefix} last4={last4} />,
    exportValue: ({ prefix, last4 }) => `${prefix}…${last4}`,
    className: "min-w-40",
  },
  {
    id: "state",
    header: "State",
    cell: ({ state }) => <KeyState state={state} />,
    exportValue: ({ state }) => state,
    className: "min-w-28",
  },
  {
    id: "lastUsedAt",
    header: "Last used",
    cell: ({ lastUsedAt }) => <RelativeTime at={lastUsedAt} />,
    exportValue: ({ lastUsedAt }) => lastUsedAt,
    className: "min-w-36",
  },
  {
    id: "expiresAt",
    header: "Expires",
    cell: (token) => <KeyEnd apiKey={token} />,
    exportValue: ({ revokedAt, expiresAt }) => revokedAt ?? expiresAt,
    className: "min-w-40",
  },
  {
    id: "createdAt",
    header: "Created",
    cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
    exportValue: ({ createdAt }) => createdAt,
    isHiddenAtFirst: true,
    className: "min-w-32",
  },
];
