"use client";
import { KeyRound } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { type ReactNode, useMemo, useState } from "react";
import { apiKeyColumns } from "#components/api-keys/api-key-columns.tsx";
import type { RowAction } from "#components/data-table/column.ts";
import { currentRow } from "#components/data-table/current-row.ts";
import { DataTable } from "#components/data-table/data-table.tsx";
import type { TableState } from "#components/data-table/use-table-state.ts";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import type { ApiKeyView } from "#lib/domain/api-key/schemas.ts";
import { type ApiKeyListQuery, useApiKeys } from "#lib/query/api-keys.ts";

const EditKeyDialog = dynamic(() => import("./edit-key-dialog.tsx").then((module) => module.EditKeyDialog), {
  ssr: false,
});
const RevokeKeyDialog = dynamic(() => import("./revoke-key-dialog.tsx").then((module) => module.RevokeKeyDialog), {
  ssr: false,
});

type ApiKeyTableProps = {
  state: TableState;
  query: ApiKeyListQuery;
  isConsumerShown: boolean;
  /** The button that makes the first key, where the viewer may. */
  createButton: ReactNode;
  filters?: ReactNode;
  chips?: ReactNode;
  isFiltered: boolean;
  onClearFilters: () => void;
};

/** Keys in a table, of one consumer or of all, with what may be done to each. */
export function ApiKeyTable({ state, query, isConsumerShown, createButton, ...rest }: ApiKeyTableProps) {
  const keys = useApiKeys(query);
  const router = useRouter();
  const mayWrite = useMay("apiKey.write");
  const [deed, setDeed] = useState<{ kind: "edit" | "revoke"; apiKey: ApiKeyView } | null>(null);
  const columns = useMemo(
    () => apiKeyColumns.filter((column) => isConsumerShown || column.id !== "consumer"),
    [isConsumerShown],
  );
  const actions = (apiKey: ApiKeyView): RowAction[] =>
    mayWrite && apiKey.state !== "revoked"
      ? [
          { label: "Edit", onSelect: () => setDeed({ kind: "edit", apiKey }) },
          { label: "Revoke", isDestructive: true, onSelect: () => setDeed({ kind: "revoke", apiKey }) },
        ]
      : [];
  const close = () => setDeed(null);
  const chosen = deed && currentRow(deed.apiKey, keys.data?.data);
  return (
    <>
      <DataTable
        label="API keys"
        columns={columns}
        rows={keys.data?.data}
        rowKey={({ id }) => id}
        state={state}
        nextCursor={keys.data?.nextCursor ?? null}
        isRefreshing={keys.isPlaceholderData}
        error={queryErrorState(keys)}
        searchLabel="Search keys"
        onRowOpen={({ id }) => router.push(`/api-keys/${id}`)}
        {...(mayWrite ? { rowActions: actions } : {})}
        empty={<NoKeys createButton={createButton} />}
        {...rest}
      />
      {chosen && deed?.kind === "edit" ? <EditKeyDialog apiKey={chosen} onClose={close} /> : null}
      {chosen && deed?.kind === "revoke" ? <RevokeKeyDialog apiKey={chosen} onClose={close} /> : null}
    </>
  );
}

function NoKeys({ createButton }: { createButton: ReactNode }) {
  return (
    <EmptyState
      icon={KeyRound}
      title="No API keys yet"
      action={createButton}
      code={`curl -X POST $TURNPIKE/api/v1/consumers/{id}/api-keys -H "Authorization: Bearer $TPM" -d '{"name":"prod"}'`}
    >
      A key is the secret an application calls the gateway with. It belongs to a{" "}
      <Link href="/consumers" className="text-accent-text hover:underline">
        consumer
      </Link>{" "}
      and follows its plan.
    </EmptyState>
  );
}
