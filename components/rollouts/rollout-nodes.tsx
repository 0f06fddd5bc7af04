import { Badge, StatusDot, type Tone } from "#components/ui/badge.tsx";
import { Count, Percent } from "#components/ui/figures.tsx";
import { Truncate } from "#components/ui/truncate.tsx";
import type { RolloutNodeView, RolloutView } from "#lib/domain/rollout/schemas.ts";

/** Which revision each node runs, the canary's first, and what its calls came to. */
export function RolloutNodes({ rollout }: { rollout: RolloutView }) {
  const nodes = rollout.nodes.toSorted((a, b) => Number(b.isCanary) - Number(a.isCanary));
  return (
    <section aria-labelledby={`${rollout.id}-nodes`}>
      <h3 id={`${rollout.id}-nodes`} className="mb-1.5 font-medium text-sm">
        Nodes
      </h3>
      <ul className="flex max-h-80 flex-col gap-2 overflow-y-auto">
        {nodes.map((node) => (
          <li key={node.id} className="flex min-w-0 flex-wrap items-center justify-between gap-x-3 gap-y-1 text-sm">
            <span className="flex min-w-0 items-center gap-2">
              <Truncate text={node.name} />
              {node.isCanary ? (
                <Badge tone="accent">canary</Badge>
              ) : node.isControl ? null : (
                <Badge>not compared</Badge>
              )}
            </span>
            <span className="flex items-center gap-3 text-muted text-xs">
              <span>
                <Count value={node.figures.calls} /> calls
                {node.figures.errorRatio === null ? null : (
                  <>
                    , <Percent share={node.figures.errorRatio} /> failed
                  </>
                )}
              </span>
              <StatusDot tone={toneOf(node)} className="num">
                {node.state === "serving" ? `runs ${node.appliedRevision}` : `${node.state}, ${node.appliedRevision}`}
              </StatusDot>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function toneOf({ state }: RolloutNodeView): Tone {
  if (state === "serving") return "success";
  return state === "offline" || state === "removed" ? "danger" : "warning";
}
