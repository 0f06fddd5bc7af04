"use client";
import { formatDuration } from "#components/format/duration.ts";
import { rateLimitFacts } from "#components/plans/rate-limit-facts.ts";
import { guardrailWords } from "#components/routes/guardrail-words.ts";
import { httpFacts } from "#components/routes/http-facts.ts";
import { RouteCache } from "#components/routes/route-cache.tsx";
import { RouteCallers } from "#components/routes/route-callers.tsx";
import { type LiveCalls, RoutePicture, type TargetStanding } from "#components/routes/route-picture.tsx";
import { RouteVersions } from "#components/routes/route-versions.tsx";
import { timeoutFacts } from "#components/routes/timeout-facts.ts";
import { TitledCard } from "#components/ui/card.tsx";
import { KeyValueList } from "#components/ui/key-value-list.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Timestamp } from "#components/ui/relative-time.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import type { RouteView, VersionView } from "#lib/domain/route/schemas.ts";
import type { UpstreamView } from "#lib/domain/upstream/schemas.ts";
import { type RouteTrafficGroup, useRouteTargetsTraffic } from "#lib/query/route-traffic.ts";
import { useEveryUpstream } from "#lib/query/upstreams.ts";

/** What is wrong with a target: its own breaker first, then what is wrong with all of its upstream. */
function standingIn(upstreams: readonly UpstreamView[]): TargetStanding {
  const entries = upstreams.flatMap((upstream) => upstream.standing ?? []);
  return ({ id, upstreamId }) => {
    const own = entries.find((entry) => entry.subject === "target" && entry.id === id);
    return (own ?? entries.find((entry) => entry.subject === "upstream" && entry.id === upstreamId))?.state;
  };
}

/** A route: the picture of one version, its times, who calls it, and every version. */
export function RouteDetail({
  route,
  version,
  onShow,
  onCopy,
}: {
  route: RouteView;
  version: VersionView;
  onShow: (version: string) => void;
  onCopy: (version: string) => void;
}) {
  const mayReadUsage = useMay("usage.read");
  const traffic = useRouteTargetsTraffic(route.name, { isAllowed: mayReadUsage, isLive: true });
  const upstreams = useEveryUpstream(useMay("upstream.read"));
  return (
    <div className="flex flex-col gap-4">
      <LifeNotice version={version} />
      <TitledCard
        title={`How ${route.name}@${version.version} is served`}
        description="The share that the draft gives each target, and what it got in the last hour."
      >
        <RoutePicture
          route={route}
          version={version}
          liveCalls={traffic.data ? liveCallsOf(traffic.data.groups, version.version) : undefined}
          standingOf={upstreams.data ? standingIn(upstreams.data) : undefined}
        />
      </TitledCard>
      <RouteVersions route={route} shown={version.version} onShow={onShow} onCopy={onCopy} />
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <TitledCard title="Failures, limits and times">
          <KeyValueList
            items={[
              {
                label: "Attempts",
                value: version.retry.attempts === 1 ? "1: no retry" : `${version.retry.attempts}, the first included`,
              },
              ...rateLimitFacts(route.rateLimits, "route", "None of its own: the plans' limits hold"),
              ...timeoutFacts(version.timeouts, "As the upstream has it"),
            ]}
          />
        </TitledCard>
        <RouteCache route={route} version={version} />
        {version.guardrails.length === 0 ? null : <GuardrailsCard version={version} />}
        {version.http === null ? null : (
          <TitledCard title="API" description={`Served under /apis/${route.name}.`}>
            <KeyValueList items={httpFacts(version.http)} />
          </TitledCard>
        )}
        <RouteCallers route={route} version={version} />
      </div>
    </div>
  );
}

function LifeNotice({ version }: { version: VersionView }) {
  const instead = version.successor ? ` Callers are told to use ${version.successor}.` : "";
  if (version.status === "retired") {
    return (
      <Notice tone="warning" title={`${version.version} is retired`}>
        Calls that pin it are answered with 410.{instead}
      </Notice>
    );
  }
  if (version.status !== "deprecated") return null;
  return (
    <Notice tone="warning" title={`${version.version} is deprecated`}>
      {version.sunsetAt ? (
        <>
          Its sunset is announced for <Timestamp at={version.sunsetAt} />: from then on it answers 410.
        </>
      ) : (
        "No sunset is announced."
      )}
      {instead}
      {version.brownouts.length === 0 ? null : (
        <>
          {" "}
          Brown-outs:{" "}
          {version.brownouts.map(({ startsAt, durationSeconds }) => (
            <span key={startsAt}>
              <Timestamp at={startsAt} /> for {formatDuration(durationSeconds * 1_000)}.{" "}
            </span>
          ))}
        </>
      )}
    </Notice>
  );
}

function GuardrailsCard({ version }: { version: VersionView }) {
  return (
    <TitledCard title="Guardrails" description="What calls are checked for.">
      <KeyValueList items={version.guardrails.map((guard) => ({ label: guard.name, value: guardrailWords(guard) }))} />
    </TitledCard>
  );
}

function liveCallsOf(groups: readonly RouteTrafficGroup[], version: string): LiveCalls {
  const calls = new Map<string, number>();
  for (const { group, requests } of groups) {
    if (group.routeVersion === version && group.upstream)
      calls.set(`${group.upstream.id} ${group.model ?? ""}`, requests);
  }
  return (upstreamId, model) => calls.get(`${upstreamId} ${model}`) ?? 0;
}
