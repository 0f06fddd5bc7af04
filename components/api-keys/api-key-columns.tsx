import Link from "next/link";
import { KeyAttentionBadge, KeyEnd, KeyHint, KeyState } from "#components/api-keys/api-key-state.tsx";
import type { DataTableColumn } from "#components/data-table/column.ts";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Truncate } from "#components/ui/truncate.tsx";
import type { ApiKeyView } from "#lib/domain/api-key/schemas.ts";

/** The columns of every list of keys. */
export const apiKeyColumns: readonly DataTableColumn<ApiKeyView>[] = [
  {
    id: "name",
    header: "Name",
    phone: "title",
    cell: (key) => (
      <Link href={`/api-keys/${key.id}`} prefetch={false} className="hover:underline">
        <Truncate text={key.name} />
      </Link>
    ),
    exportValue: (key) => key.name,
  },
  {
    id: "consumer",
    header: "Consumer",
    cell: (key) => (
      <Link href={`/consumers/${key.consumerId}`} prefetch={false} className="text-muted hover:text-fg hover:underline">
        <Truncate text={key.consumerName} />
      </Link>
    ),
    exportValue: (key) => key.consumerName,
    className: "w-1/5",
  },
  {
    id: "key",
    header: "Key",
    cell: (key) => <KeyHint prefix={key.prefix} last4={key.last4} />,
    exportValue: (key) => `${key.prefix}…${key.last4}`,
    className: "min-w-40",
  },
  {
    id: "state",
    header: "State",
    cell: (key) => <KeyState state={key.state} />,
    exportValue: (key) => key.state,
    className: "min-w-28",
  },
  {
    id: "lastUsedAt",
    header: "Last used",
    cell: (key) => (
      <span className="inline-flex items-center gap-2">
        <RelativeTime at={key.lastUsedAt} />
        <KeyAttentionBadge apiKey={key} />
      </span>
    ),
    exportValue: (key) => key.lastUsedAt,
    className: "min-w-48",
  },
  {
    id: "expiresAt",
    header: "Expires",
    cell: (key) => <KeyEnd apiKey={key} />,
    exportValue: (key) => key.revokedAt ?? key.expiresAt,
    className: "min-w-36",
  },
  {
    id: "routes",
    header: "Routes",
    cell: (key) => <Truncate text={key.routes?.join(", ") ?? "all of the plan"} className="text-muted" />,
    exportValue: (key) => key.routes?.join(" ") ?? "*",
    isHiddenAtFirst: true,
  },
  {
    id: "createdAt",
    header: "Created",
    cell: (key) => <RelativeTime at={key.createdAt} />,
    exportValue: (key) => key.createdAt,
    isHiddenAtFirst: true,
    className: "min-w-32",
  },
];
