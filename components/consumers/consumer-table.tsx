"use client";
import { Globe } from "lucide-react";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { type ReactNode, useMemo, useState } from "react";
import { consumerColumns } from "#components/consumers/consumer-columns.tsx";
import type { RowAction } from "#components/data-table/column.ts";
import { currentRow } from "#components/data-table/current-row.ts";
import { DataTable } from "#components/data-table/data-table.tsx";
import type { TableState } from "#components/data-table/use-table-state.ts";
import { describeProblem, queryErrorState } from "#components/forms/describe-problem.ts";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { toast } from "#components/ui/toast.ts";
import { useMay } from "#components/viewer/viewer.tsx";
import type { ConsumerView } from "#lib/domain/consumer/schemas.ts";
import { type ConsumerListQuery, useConsumers, useUpdateConsumer } from "#lib/query/consumers.ts";

const EditConsumerDialog = dynamic(
  () => import("./edit-consumer-dialog.tsx").then((module) => module.EditConsumerDialog),
  { ssr: false },
);
const SuspendDialog = dynamic(() => import("./suspend-dialog.tsx").then((module) => module.SuspendDialog), {
  ssr: false,
});
const DeleteConsumerDialog = dynamic(
  () => import("./delete-consumer-dialog.tsx").then((module) => module.DeleteConsumerDialog),
  { ssr: false },
);

type ConsumerTableProps = {
  state: TableState;
  query: ConsumerListQuery;
  /** Columns that say the same in every row of this page ("team" on a team's page). */
  hiddenColumns?: readonly string[];
  createButton: ReactNode;
  filters?: ReactNode;
  chips?: ReactNode;
  isFiltered: boolean;
  onClearFilters: () => void;
};

const none: readonly string[] = [];

/** Consumers in a table, with what may be done to each. */
export function ConsumerTable({ state, query, hiddenColumns = none, createButton, ...rest }: ConsumerTableProps) {
  const consumers = useConsumers(query);
  const router = useRouter();
  const mayWrite = useMay("consumer.write");
  const [deed, setDeed] = useState<{ kind: "edit" | "suspend" | "delete"; consumer: ConsumerView } | null>(null);
  const resume = useResumeConsumer();
  const columns = useMemo(
    () => consumerColumns.filter((column) => !hiddenColumns.includes(column.id)),
    [hiddenColumns],
  );
  const actions = (consumer: ConsumerView): RowAction[] => [
    { label: "Rename or move plan", onSelect: () => setDeed({ kind: "edit", consumer }) },
    consumer.suspended
      ? { label: "Resume", onSelect: () => void resume(consumer) }
      : { label: "Suspend", onSelect: () => setDeed({ kind: "suspend", consumer }) },
    { label: "Delete", isDestructive: true, onSelect: () => setDeed({ kind: "delete", consumer }) },
  ];
  const close = () => setDeed(null);
  const chosen = deed && currentRow(deed.consumer, consumers.data?.data);
  return (
    <>
      <DataTable
        label="Consumers"
        columns={columns}
        rows={consumers.data?.data}
        rowKey={({ id }) => id}
        state={state}
        nextCursor={consumers.data?.nextCursor ?? null}
        isRefreshing={consumers.isPlaceholderData}
        error={queryErrorState(consumers)}
        searchLabel="Search consumers"
        onRowOpen={({ id }) => router.push(`/consumers/${id}`)}
        {...(mayWrite ? { rowActions: actions } : {})}
        empty={
          <EmptyState icon={Globe} title="No consumers yet" action={createButton}>
            A consumer is an application that calls the gateway: its keys, its plan and its usage in one place.
          </EmptyState>
        }
        {...rest}
      />
      {chosen && deed?.kind === "edit" ? <EditConsumerDialog consumer={chosen} onClose={close} /> : null}
      {chosen && deed?.kind === "suspend" ? <SuspendDialog consumer={chosen} onClose={close} /> : null}
      {chosen && deed?.kind === "delete" ? <DeleteConsumerDialog consumer={chosen} onClose={close} /> : null}
    </>
  );
}

/** Lets a suspended consumer call again, and says how it went. */
export function useResumeConsumer(): (consumer: ConsumerView) => Promise<void> {
  const { mutateAsync } = useUpdateConsumer();
  return async (consumer) => {
    try {
      await mutateAsync({ consumer, patch: { suspended: false } });
      toast.success(`${consumer.name} may call again`, { description: "In force on every node." });
    } catch (error) {
      toast.error(`${consumer.name} is still suspended`, { description: describeProblem(error) });
    }
  };
}
