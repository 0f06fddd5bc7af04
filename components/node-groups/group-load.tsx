import { classNames } from "#components/ui/class-names.ts";
import type { NodeGroupView } from "#lib/domain/node-group/schemas.ts";
import { METRIC_NAMES, type MetricFigure, metricWords, type ScalingPolicy } from "#lib/domain/scaling/schemas.ts";

/** The bar shows up to so many times the target. */
const shownMax = 2;

/** How busy a group is now against its targets and thresholds. */
export function GroupLoad({ group }: { group: NodeGroupView }) {
  const { load, scaling } = group;
  if (load === null || scaling === null) {
    return <p className="text-muted text-sm">Without a scaling policy nothing is measured against a target.</p>;
  }
  return (
    <div className="flex flex-col gap-4">
      <ul className="flex flex-col gap-4">
        {load.metrics.map((figure) => (
          <LoadBar key={figure.metric} figure={figure} scaling={scaling} />
        ))}
      </ul>
      <p className="text-sm">
        {load.reporting === 0
          ? "No node of the group reports."
          : `${load.needed === 1 ? "1 node is" : `${load.needed} nodes are`} needed for this load; ${load.nodes} ${load.nodes === 1 ? "is" : "are"} wanted now.`}
        {load.missing > 0
          ? ` ${load.missing} of them ${load.missing === 1 ? "does" : "do"} not report: until then none is taken away.`
          : ""}
      </p>
    </div>
  );
}

function LoadBar({ figure, scaling }: { figure: MetricFigure; scaling: ScalingPolicy }) {
  const { metric, perNode, target, ratio } = figure;
  const label = METRIC_NAMES[metric];
  const standing = ratio > scaling.scaleUpAt ? "high" : ratio < scaling.scaleDownAt ? "low" : "right";
  const words = { high: "above: nodes are added", low: "below: fewer would do", right: "as it should be" }[standing];
  return (
    <li className="flex flex-col gap-1.5">
      <p className="flex flex-wrap items-baseline justify-between gap-x-3 text-sm">
        <span className="font-medium first-letter:uppercase">{label}</span>
        <span className="num text-muted">
          {metricWords(metric, perNode)} a node, target {metricWords(metric, target)} · {words}
        </span>
      </p>
      <div aria-hidden className="relative h-2 rounded-full bg-line-strong">
        <div
          className={classNames(
            "h-full rounded-full transition-[width]",
            standing === "high" ? "bg-warning-mark" : "bg-accent",
          )}
          style={{ width: share(ratio) }}
        />
        <Mark at={scaling.scaleDownAt} />
        <Mark at={scaling.scaleUpAt} />
      </div>
    </li>
  );
}

/** Where a threshold lies on the bar. */
function Mark({ at }: { at: number }) {
  return <span className="absolute -top-0.5 h-3 w-0.5 bg-fg" style={{ left: share(at) }} />;
}

function share(ratio: number): string {
  return `${Math.min(1, Math.max(0, ratio / shownMax)) * 100}%`;
}
