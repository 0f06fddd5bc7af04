import { Card, StatCard } from "#components/ui/card.tsx";
import { Count } from "#components/ui/figures.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { NodeView } from "#lib/domain/node/schemas.ts";

const labels = ["Serving", "On the wanted revision", "Calls a second", "Calls in flight"] as const;

/** All nodes in four figures. */
export function NodeSummary({ nodes }: { nodes: readonly NodeView[] | undefined }) {
  if (!nodes) {
    return (
      <div className="mb-4 grid grid-cols-2 gap-3 lg:grid-cols-4">
        {labels.map((label) => (
          <Card key={label} className="px-4 py-3">
            <p className="text-muted text-xs">{label}</p>
            <Skeleton className="mt-2 h-6 w-16" />
            <Skeleton className="mt-2 h-3 w-24" />
          </Card>
        ))}
      </div>
    );
  }
  const online = nodes.filter((node) => node.state !== "offline");
  const serving = online.filter((node) => node.state === "serving").length;
  const current = online.filter((node) => node.appliedRevision === node.wantedRevision).length;
  const wanted = [...new Set(nodes.map((node) => node.wantedRevision))].toSorted((a, b) => a - b);
  const sum = (of: (utilisation: NonNullable<NodeView["utilisation"]>) => number) =>
    online.reduce((total, { utilisation }) => total + (utilisation ? of(utilisation) : 0), 0);
  const stopped = nodes.filter((node) => node.stoppedAt !== null).length;
  const offline = nodes.length - online.length - stopped;
  return (
    <div className="mb-4 grid grid-cols-2 gap-3 lg:grid-cols-4">
      <StatCard
        label={labels[0]}
        value={`${serving} of ${nodes.length}`}
        hint={[offline === 0 ? "none offline" : `${offline} offline`, stopped > 0 ? `${stopped} stopped` : ""]
          .filter(Boolean)
          .join(", ")}
      />
      <StatCard
        label={labels[1]}
        value={`${current} of ${online.length}`}
        hint={wanted.every((revision) => revision === 0) ? "nothing published yet" : `revision ${wanted.join(" and ")}`}
      />
      <StatCard
        label={labels[2]}
        value={<Count value={Math.round(sum((load) => load.callsPerSecond) * 10) / 10} />}
        hint="all nodes together"
      />
      <StatCard label={labels[3]} value={<Count value={sum((load) => load.inFlight)} />} hint="at the last report" />
    </div>
  );
}
