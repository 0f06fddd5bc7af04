"use client";
import { Ban, Pencil } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useState } from "react";
import { KeyAttentionBadge, KeyHint, KeyState } from "#components/api-keys/api-key-state.tsx";
import { keySnippets } from "#components/api-keys/snippets.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { TitledCard } from "#components/ui/card.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { KeyValueList } from "#components/ui/key-value-list.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { RelativeTime, Timestamp } from "#components/ui/relative-time.tsx";
import { UsageGlance } from "#components/usage-glance/usage-glance.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import type { ApiKeyView } from "#lib/domain/api-key/schemas.ts";

const EditKeyDialog = dynamic(() => import("./edit-key-dialog.tsx").then((module) => module.EditKeyDialog), {
  ssr: false,
});
const RevokeKeyDialog = dynamic(() => import("./revoke-key-dialog.tsx").then((module) => module.RevokeKeyDialog), {
  ssr: false,
});

/** One key: whether it works, what it did, how to call with it, and what can be done to it. */
export function ApiKeyDetail({ apiKey, gatewayUrl }: { apiKey: ApiKeyView; gatewayUrl: string }) {
  const mayWrite = useMay("apiKey.write") && apiKey.state !== "revoked";
  const mayReadAudit = useMay("audit.read");
  const [deed, setDeed] = useState<"edit" | "revoke" | null>(null);
  const close = () => setDeed(null);
  return (
    <>
      <PageHeader
        breadcrumb={
          <Link href="/api-keys" prefetch={false} className="hover:underline">
            API keys
          </Link>
        }
        title={apiKey.name}
        status={
          <>
            <KeyState state={apiKey.state} />
            <KeyAttentionBadge apiKey={apiKey} />
          </>
        }
        actions={
          mayWrite ? (
            <>
              <Button onClick={() => setDeed("edit")}>
                <Pencil aria-hidden />
                Edit
              </Button>
              <Button variant="danger-outline" onClick={() => setDeed("revoke")}>
                <Ban aria-hidden />
                Revoke
              </Button>
            </>
          ) : null
        }
      />
      <div className="flex flex-col gap-4">
        <UsageGlance of={{ apiKeyId: apiKey.id }} filter={`apiKeyId=${apiKey.id}`} />
        <div className="grid items-start gap-4 lg:grid-cols-2">
          <TitledCard
            title="About"
            actions={
              mayReadAudit ? (
                <Link
                  href={`/audit?resourceId=${apiKey.id}`}
                  prefetch={false}
                  className="text-accent-text text-sm hover:underline"
                >
                  Audit
                </Link>
              ) : null
            }
          >
            <KeyFacts apiKey={apiKey} />
          </TitledCard>
          {apiKey.state === "active" ? (
            <TitledCard title="Call with it" description="The secret was shown once, when the key was made.">
              <CodeBlock
                label="Call it"
                samples={keySnippets({
                  gatewayUrl,
                  secret: `${apiKey.prefix}…${apiKey.last4}`,
                  model: apiKey.routes?.[0] ?? null,
                })}
              />
            </TitledCard>
          ) : null}
        </div>
      </div>
      {deed === "edit" ? <EditKeyDialog apiKey={apiKey} onClose={close} /> : null}
      {deed === "revoke" ? <RevokeKeyDialog apiKey={apiKey} onClose={close} /> : null}
    </>
  );
}

function KeyFacts({ apiKey }: { apiKey: ApiKeyView }) {
  return (
    <KeyValueList
      items={[
        {
          label: "Consumer",
          value: (
            <Link
              href={`/consumers/${apiKey.consumerId}`}
              prefetch={false}
              className="text-accent-text hover:underline"
            >
              {apiKey.consumerName}
            </Link>
          ),
        },
        { label: "Key", value: <KeyHint prefix={apiKey.prefix} last4={apiKey.last4} /> },
        {
          label: "Routes",
          value: apiKey.routes ? (
            <span className="flex flex-wrap gap-1">
              {apiKey.routes.map((route) => (
                <Badge key={route}>{route}</Badge>
              ))}
            </span>
          ) : (
            "every route of the plan"
          ),
        },
        { label: "Last used", value: <RelativeTime at={apiKey.lastUsedAt} /> },
        apiKey.revokedAt === null
          ? { label: "Expires", value: apiKey.expiresAt ? <Timestamp at={apiKey.expiresAt} /> : "never" }
          : { label: "Revoked", value: <Timestamp at={apiKey.revokedAt} /> },
        { label: "Created", value: <Timestamp at={apiKey.createdAt} /> },
        { label: "Id", value: <code className="break-all text-xs">{apiKey.id}</code> },
      ]}
    />
  );
}
