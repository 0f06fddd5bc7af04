"use client";
import { Plus } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { ApiKeyTable } from "#components/api-keys/api-key-table.tsx";
import { useTableState } from "#components/data-table/use-table-state.ts";
import { Button } from "#components/ui/button.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import type { ConsumerView } from "#lib/domain/consumer/schemas.ts";

const IssueKeyDialog = dynamic(
  () => import("#components/api-keys/issue-key-dialog.tsx").then((module) => module.IssueKeyDialog),
  { ssr: false },
);

/** The keys of one consumer, and the way to another one. */
export function ConsumerApiKeys({ consumer, gatewayUrl }: { consumer: ConsumerView; gatewayUrl: string }) {
  const table = useTableState({ prefix: "keys" });
  const mayRead = useMay("apiKey.read");
  const mayWrite = useMay("apiKey.write");
  const [isIssuing, setIssuing] = useState(false);
  if (!mayRead) return null;
  const createButton = mayWrite ? (
    <Button variant="primary" onClick={() => setIssuing(true)}>
      <Plus aria-hidden />
      Create key
    </Button>
  ) : null;
  return (
    <section className="flex flex-col gap-2">
      <header className="mt-2 flex items-center justify-between gap-4">
        <h2 className="font-semibold text-base">API keys</h2>
        {consumer.apiKeys > 0 ? createButton : null}
      </header>
      <ApiKeyTable
        state={table}
        query={{ q: table.search, cursor: table.cursor, state: null, consumerId: consumer.id }}
        isConsumerShown={false}
        createButton={createButton}
        isFiltered={false}
        onClearFilters={() => table.setSearchText("")}
      />
      {isIssuing ? (
        <IssueKeyDialog isOpen onOpenChange={setIssuing} gatewayUrl={gatewayUrl} consumer={consumer} />
      ) : null}
    </section>
  );
}
