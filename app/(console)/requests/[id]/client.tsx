"use client";
import Link from "next/link";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { CallerFacts, CostFacts, RoutingFacts } from "#components/requests/call-facts.tsx";
import { callSnippet } from "#components/requests/call-snippet.ts";
import { CallWaterfall } from "#components/requests/call-waterfall.tsx";
import { DecisionStages } from "#components/requests/decision-stages.tsx";
import { AttemptTable, CandidateTable } from "#components/requests/decision-targets.tsx";
import { ExplanationCard } from "#components/requests/explanation-card.tsx";
import { codeWords, outcomeTones, outcomeWords } from "#components/requests/words.ts";
import { Badge } from "#components/ui/badge.tsx";
import { buttonClasses } from "#components/ui/button.tsx";
import { Card, TitledCard } from "#components/ui/card.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { JsonView } from "#components/ui/json-view.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import type { RequestView } from "#lib/domain/request/schemas.ts";
import { useRequest } from "#lib/query/requests.ts";
import RequestLoading from "./loading.tsx";

/** One call and its explanation. */
export function RequestClient({ id, gatewayUrl }: { id: string; gatewayUrl: string }) {
  const query = useRequest(id);
  if (query.data) return <Call call={query.data} gatewayUrl={gatewayUrl} />;
  const failure = queryErrorState(query);
  if (!failure) return <RequestLoading />;
  return (
    <>
      <PageHeader title="Request" breadcrumb={<BackLink />} />
      <Card>
        <ErrorState {...failure} />
      </Card>
    </>
  );
}

function BackLink() {
  return (
    <Link href="/requests" prefetch={false} className="hover:underline">
      Requests
    </Link>
  );
}

function Call({ call, gatewayUrl }: { call: RequestView; gatewayUrl: string }) {
  return (
    <>
      <PageHeader
        breadcrumb={<BackLink />}
        title={
          <span className="flex min-w-0 items-center gap-1 font-mono text-base">
            <span className="min-w-0 break-all">{call.id}</span>
            <CopyButton value={call.id} label="Copy request id" />
          </span>
        }
        status={
          <Badge tone={outcomeTones[call.outcome]}>
            {call.status} {call.errorCode ? codeWords(call.errorCode).toLowerCase() : outcomeWords[call.outcome]}
          </Badge>
        }
        actions={
          call.consumer ? (
            <Link
              href={`/requests?consumerId=${call.consumer.id}`}
              prefetch={false}
              className={buttonClasses({ variant: "secondary" })}
            >
              Calls of {call.consumer.name ?? "this consumer"}
            </Link>
          ) : null
        }
      />
      <ExplanationCard call={call} />
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <TitledCard title="Where the time went" className="lg:col-span-2">
          <CallWaterfall call={call} />
        </TitledCard>
        <TitledCard title="What policy decided">
          <DecisionStages call={call} />
        </TitledCard>
        <TitledCard title="Tokens and cost">
          <CostFacts call={call} />
        </TitledCard>
        <TitledCard title="Caller">
          <CallerFacts call={call} />
        </TitledCard>
        <TitledCard title="Request and route">
          <RoutingFacts call={call} />
        </TitledCard>
        <TitledCard
          title="Candidates"
          description="The targets of the route's version, and which were called."
          className="lg:col-span-2"
          isFlush
        >
          <div className="px-1 pb-2">
            <CandidateTable call={call} />
          </div>
        </TitledCard>
        <TitledCard
          title="Attempts"
          description="What was sent to upstreams, in order."
          className="lg:col-span-2"
          isFlush
        >
          <div className="px-1 pb-2">
            <AttemptTable call={call} />
          </div>
        </TitledCard>
        <TitledCard
          title="Make a call like this"
          description="Prompts and answers are not recorded; fill in your own."
          className="lg:col-span-2"
        >
          <CodeBlock label="Command" samples={[{ language: "curl", code: callSnippet(call, gatewayUrl) }]} />
        </TitledCard>
        <details className="lg:col-span-2">
          <summary className="cursor-pointer py-1 text-muted text-sm hover:text-fg">The whole record as JSON</summary>
          <div className="mt-2">
            <JsonView label="Record" value={call} />
          </div>
        </details>
      </div>
    </>
  );
}
