"use client";
import { HealthEvents } from "#components/health/health-events.tsx";
import { HealthStanding } from "#components/health/health-standing.tsx";
import { subjectWord } from "#components/health/health-words.ts";
import { useMay } from "#components/viewer/viewer.tsx";
import type { NodeView } from "#lib/domain/node/schemas.ts";
import { useEveryUpstream } from "#lib/query/upstreams.ts";

/** What a node has taken out of service, and what changed. */
export function NodeHealth({ node }: { node: NodeView }) {
  const { data: upstreams } = useEveryUpstream(useMay("upstream.read"));
  const names = new Map(upstreams?.map(({ id, name }) => [id, name]));
  return (
    <section aria-label="Health of upstreams" className="flex flex-col gap-3">
      <h3 className="font-medium text-sm">Upstreams as this node sees them</h3>
      {node.state === "offline" ? (
        <p className="text-muted text-sm">Not known while the node is offline. This is what it said last:</p>
      ) : null}
      <HealthStanding
        label="Not in service"
        entries={node.health}
        nameOf={(entry) => {
          const upstream = names.get(entry.upstreamId);
          if (upstream === undefined) return null;
          return entry.subject === "upstream" ? upstream : `a ${subjectWord(entry)} of ${upstream}`;
        }}
      />
      <HealthEvents of={{ kind: "nodes", id: node.id }} />
    </section>
  );
}
