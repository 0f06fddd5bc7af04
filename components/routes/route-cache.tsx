"use client";
import { useState } from "react";
import { formatNumber, formatPercent } from "#components/format/number.ts";
import { describeProblem } from "#components/forms/describe-problem.ts";
import { cacheWords } from "#components/routes/cache-values.ts";
import { Button } from "#components/ui/button.tsx";
import { TitledCard } from "#components/ui/card.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { KeyValueList } from "#components/ui/key-value-list.tsx";
import { toast } from "#components/ui/toast.ts";
import { useMay } from "#components/viewer/viewer.tsx";
import type { RouteView, VersionView } from "#lib/domain/route/schemas.ts";
import { useRouteCacheTraffic } from "#lib/query/route-traffic.ts";
import { usePurgeRouteCache } from "#lib/query/routes.ts";

/** How a version's answers are kept, how often that spared a call, and the way to throw them away. */
export function RouteCache({ route, version }: { route: RouteView; version: VersionView }) {
  const mayRead = useMay("usage.read");
  const mayPurge = useMay("route.write");
  const traffic = useRouteCacheTraffic(route.name, { isAllowed: mayRead, isLive: true });
  const [isAsking, setAsking] = useState(false);
  const totals = traffic.data?.totals;
  return (
    <TitledCard title="Cache" description="Hits are counted over every version, in the last 24 hours.">
      <KeyValueList
        items={[
          { label: "Answers", value: version.cache === null ? "Not kept" : `Kept ${cacheWords(version.cache)}` },
          ...(mayRead && totals ? [{ label: "Hits", value: hitWords(totals.cacheHits, totals.requests) }] : []),
        ]}
      />
      {mayPurge ? (
        <Button size="sm" className="mt-3" onClick={() => setAsking(true)}>
          Purge…
        </Button>
      ) : null}
      <PurgeDialog route={route} isOpen={isAsking} onClose={() => setAsking(false)} />
    </TitledCard>
  );
}

function hitWords(hits: number, calls: number): string {
  if (calls === 0) return "No calls";
  return `${formatNumber(hits)} of ${formatNumber(calls)} calls (${formatPercent(hits / calls)})`;
}

function PurgeDialog({ route, isOpen, onClose }: { route: RouteView; isOpen: boolean; onClose: () => void }) {
  const purge = usePurgeRouteCache(route.id);
  return (
    <ConfirmDialog
      isOpen={isOpen}
      onOpenChange={(next) => !next && onClose()}
      title={`Purge the cache of “${route.name}”?`}
      consequence="Every node forgets the answers of all its versions, at once and without a publish. Until new ones are kept, every call goes to an upstream and costs what it costs."
      confirmLabel="Purge cache"
      describeError={describeProblem}
      onConfirm={async () => {
        await purge.mutateAsync();
        toast.success(`The cache of “${route.name}” is purged.`);
      }}
    />
  );
}
