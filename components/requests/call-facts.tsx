import Link from "next/link";
import type { ReactNode } from "react";
import { exactMoney } from "#components/format/money.ts";
import { exactNumber, formatPercent } from "#components/format/number.ts";
import { KeyValueList } from "#components/ui/key-value-list.tsx";
import { Timestamp } from "#components/ui/relative-time.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import type { RequestView } from "#lib/domain/request/schemas.ts";

type Thing = { id: string; name: string | null };

function NounLink({ thing, path }: { thing: Thing | null; path: string | null }): ReactNode {
  if (thing === null) return <span className="text-faint">none</span>;
  const label = thing.name ?? thing.id;
  if (path === null || thing.name === null) return label;
  return (
    <Link href={`${path}/${thing.id}`} prefetch={false} className="text-accent-text hover:underline">
      {label}
    </Link>
  );
}

/** Who called, from where, and with what. */
export function CallerFacts({ call }: { call: RequestView }) {
  return (
    <KeyValueList
      items={[
        { label: "Consumer", value: <NounLink thing={call.consumer} path="/consumers" /> },
        { label: "Team", value: <NounLink thing={call.team} path="/teams" /> },
        { label: "API key", value: <KeyLink apiKey={call.apiKey} /> },
        { label: "End user", value: call.endUser ?? <span className="text-faint">not given</span> },
        { label: "Address", value: call.sourceAddress },
        { label: "Client", value: call.userAgent ?? <span className="text-faint">not given</span> },
      ]}
    />
  );
}

function KeyLink({ apiKey }: { apiKey: RequestView["apiKey"] }) {
  return (
    <>
      <NounLink thing={apiKey} path="/api-keys" />
      {apiKey?.last4 ? <code className="ml-2 text-faint text-xs">…{apiKey.last4}</code> : null}
    </>
  );
}

/** What was asked for, and what policy made of it. */
export function RoutingFacts({ call }: { call: RequestView }) {
  const mayReadUpstream = useMay("upstream.read");
  const mayReadRevision = useMay("revision.read");
  const items = [
    { label: "Began", value: <Timestamp at={call.time} /> },
    { label: "Action", value: `${call.action}${call.stream ? ", streamed" : ""}` },
    { label: "Asked for", value: call.requestedModel ?? <span className="text-faint">nothing</span> },
    {
      label: "Route",
      value: call.route === null ? <span className="text-faint">none</span> : `${call.route}@${call.version ?? ""}`,
    },
    { label: "Model", value: call.model ?? <span className="text-faint">none</span> },
  ];
  if (mayReadUpstream) items.push({ label: "Upstream", value: <NounLink thing={call.upstream} path="/upstreams" /> });
  if (call.node) items.push({ label: "Node", value: <NounLink thing={call.node} path={null} /> });
  if (mayReadRevision && call.revision !== null)
    items.push({
      label: "Policy",
      value: (
        <Link href={`/revisions/${call.revision}`} prefetch={false} className="text-accent-text hover:underline">
          revision {call.revision}
        </Link>
      ),
    });
  return <KeyValueList items={items} />;
}

const sources = {
  upstream: "as the upstream reported them",
  estimate: "estimated: the upstream reported none",
  none: "nothing was generated",
} as const;

/** Tokens, and the price arithmetic as one line that can be checked. */
export function CostFacts({ call }: { call: RequestView }) {
  const cachedShare = call.inputTokens > 0 ? call.cachedInputTokens / call.inputTokens : 0;
  return (
    <>
      <KeyValueList
        items={[
          {
            label: "Input tokens",
            value: (
              <>
                {exactNumber(call.inputTokens)}
                {call.cachedInputTokens > 0 ? (
                  <span className="text-muted">
                    , {exactNumber(call.cachedInputTokens)} of them cached ({formatPercent(cachedShare)})
                  </span>
                ) : null}
              </>
            ),
          },
          {
            label: "Output tokens",
            value: (
              <>
                {exactNumber(call.outputTokens)}
                {call.reasoningTokens > 0 ? (
                  <span className="text-muted">, {exactNumber(call.reasoningTokens)} of them reasoning</span>
                ) : null}
              </>
            ),
          },
          { label: "Counted", value: sources[call.usageSource] },
          {
            label: "Cost",
            value:
              call.cost === null ? (
                <span className="text-muted">unknown: this model has no price</span>
              ) : (
                <span className="font-medium">{exactMoney(call.cost)}</span>
              ),
          },
          ...(call.priceVersion === null ? [] : [{ label: "Price list", value: call.priceVersion }]),
        ]}
      />
      {call.decision.price ? (
        <p className="num mt-3 break-words rounded-md border border-line bg-subtle px-3 py-2 text-xs">
          {call.decision.price}
        </p>
      ) : null}
    </>
  );
}
