"use client";
import { UpstreamHealth } from "#components/health/upstream-health.tsx";
import { rateLimitFacts } from "#components/plans/rate-limit-facts.ts";
import { timeoutFacts } from "#components/routes/timeout-facts.ts";
import { TitledCard } from "#components/ui/card.tsx";
import { KeyValueList } from "#components/ui/key-value-list.tsx";
import { Timestamp } from "#components/ui/relative-time.tsx";
import { optionFacts, providerLabel } from "#components/upstreams/provider-words.ts";
import { UpstreamCredentials } from "#components/upstreams/upstream-credentials.tsx";
import { UpstreamUses } from "#components/upstreams/upstream-uses.tsx";
import type { UpstreamView } from "#lib/domain/upstream/schemas.ts";

/** Where calls go, with which credentials, and which routes send them. */
export function UpstreamDetail({ upstream }: { upstream: UpstreamView }) {
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <TitledCard title="Address">
        <KeyValueList
          items={[
            { label: "Provider", value: providerLabel(upstream.provider) },
            ...optionFacts(upstream.provider, upstream.options),
            { label: "Base URL", value: <code className="break-all text-xs">{upstream.baseUrl}</code> },
            {
              label: "Private network",
              value: upstream.allowPrivateNetwork ? "Allowed: loopback and private addresses" : "Refused",
            },
            ...timeoutFacts(upstream.timeouts, "As the node has it"),
            ...rateLimitFacts(upstream.rateLimits, "upstream", "None: as much is sent to it as comes"),
            { label: "Created", value: <Timestamp at={upstream.createdAt} /> },
          ]}
        />
      </TitledCard>
      <div className="flex min-w-0 flex-col gap-4">
        <UpstreamCredentials upstream={upstream} />
        <UpstreamUses upstreamId={upstream.id} />
        <UpstreamHealth upstream={upstream} />
      </div>
    </div>
  );
}
