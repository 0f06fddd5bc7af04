"use client";
import { Pause, Pencil, Play, Trash2 } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { ConsumerApiKeys } from "#components/consumers/consumer-api-keys.tsx";
import { ConsumerPlan } from "#components/consumers/consumer-plan.tsx";
import { ConsumerState } from "#components/consumers/consumer-state.tsx";
import { useResumeConsumer } from "#components/consumers/consumer-table.tsx";
import { Button } from "#components/ui/button.tsx";
import { TitledCard } from "#components/ui/card.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { KeyValueList } from "#components/ui/key-value-list.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { RelativeTime, Timestamp } from "#components/ui/relative-time.tsx";
import { UsageGlance } from "#components/usage-glance/usage-glance.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import type { ConsumerView } from "#lib/domain/consumer/schemas.ts";

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

/** One consumer: what it used, what it may do, its keys, and what can be done to it. */
export function ConsumerDetail({ consumer, gatewayUrl }: { consumer: ConsumerView; gatewayUrl: string }) {
  const router = useRouter();
  const mayReadAudit = useMay("audit.read");
  const [deed, setDeed] = useState<"edit" | "suspend" | "delete" | null>(null);
  const close = () => setDeed(null);
  return (
    <>
      <PageHeader
        breadcrumb={
          <Link href="/consumers" prefetch={false} className="hover:underline">
            Consumers
          </Link>
        }
        title={consumer.name}
        status={<ConsumerState consumer={consumer} />}
        actions={<ConsumerActions consumer={consumer} onDeed={setDeed} />}
      />
      <div className="flex flex-col gap-4">
        {consumer.suspended ? <SuspendedNotice consumer={consumer} /> : null}
        <UsageGlance of={{ consumerId: consumer.id }} filter={`consumerId=${consumer.id}`} />
        <div className="grid items-start gap-4 lg:grid-cols-2">
          <ConsumerPlan consumer={consumer} onMove={() => setDeed("edit")} />
          <TitledCard
            title="About"
            actions={
              mayReadAudit ? (
                <Link
                  href={`/audit?resourceId=${consumer.id}`}
                  prefetch={false}
                  className="text-accent-text text-sm hover:underline"
                >
                  Audit
                </Link>
              ) : null
            }
          >
            <KeyValueList
              items={[
                {
                  label: "Team",
                  value: (
                    <Link href={`/teams/${consumer.teamId}`} prefetch={false} className="hover:underline">
                      {consumer.teamName}
                    </Link>
                  ),
                },
                { label: "Id", value: <CopyableId id={consumer.id} /> },
                { label: "Created", value: <Timestamp at={consumer.createdAt} /> },
                { label: "Last changed", value: <RelativeTime at={consumer.updatedAt} /> },
              ]}
            />
          </TitledCard>
        </div>
        <ConsumerApiKeys consumer={consumer} gatewayUrl={gatewayUrl} />
      </div>
      {deed === "edit" ? <EditConsumerDialog consumer={consumer} onClose={close} /> : null}
      {deed === "suspend" ? <SuspendDialog consumer={consumer} onClose={close} /> : null}
      {deed === "delete" ? (
        <DeleteConsumerDialog consumer={consumer} onClose={close} onDeleted={() => router.replace("/consumers")} />
      ) : null}
    </>
  );
}

function ConsumerActions({
  consumer,
  onDeed,
}: {
  consumer: ConsumerView;
  onDeed: (deed: "edit" | "suspend" | "delete") => void;
}) {
  const resume = useResumeConsumer();
  if (!useMay("consumer.write")) return null;
  return (
    <>
      <Button onClick={() => onDeed("edit")}>
        <Pencil aria-hidden />
        Edit
      </Button>
      {consumer.suspended ? (
        <Button onClick={() => void resume(consumer)}>
          <Play aria-hidden />
          Resume
        </Button>
      ) : (
        <Button onClick={() => onDeed("suspend")}>
          <Pause aria-hidden />
          Suspend
        </Button>
      )}
      <Button variant="danger-outline" onClick={() => onDeed("delete")}>
        <Trash2 aria-hidden />
        Delete
      </Button>
    </>
  );
}

function SuspendedNotice({ consumer }: { consumer: ConsumerView }) {
  return (
    <Notice
      tone="warning"
      title={
        <>
          Suspended <RelativeTime at={consumer.suspendedAt} />: every call is refused with 403.
        </>
      }
    >
      {consumer.suspendedReason ? `Reason: ${consumer.suspendedReason}` : null}
    </Notice>
  );
}

function CopyableId({ id }: { id: string }) {
  return (
    <span className="inline-flex max-w-full items-center gap-1">
      <code className="break-all text-xs">{id}</code>
      <CopyButton value={id} label="Copy id" />
    </span>
  );
}
