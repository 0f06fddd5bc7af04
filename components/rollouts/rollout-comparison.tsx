import type { ReactNode } from "react";
import { verdictWords } from "#components/rollouts/rollout-words.ts";
import { StatusDot } from "#components/ui/badge.tsx";
import { Count, Duration, Percent } from "#components/ui/figures.tsx";
import { ReadOnlyTable, TableCell, TableHead, TableRow } from "#components/ui/table.tsx";
import type { FiguresView, MeasuredView, RolloutFigures } from "#lib/domain/rollout/schemas.ts";

const none = <span className="text-faint">none</span>;

const rows: readonly {
  label: string;
  measure: MeasuredView["measure"] | null;
  value: (figures: FiguresView) => number | null;
  draw: (value: number) => ReactNode;
}[] = [
  { label: "Calls", measure: null, value: ({ calls }) => calls, draw: (value) => <Count value={value} /> },
  {
    label: "Failed",
    measure: "errorRatio",
    value: ({ errorRatio }) => errorRatio,
    draw: (value) => <Percent share={value} />,
  },
  {
    label: "Refused",
    measure: "rejectionRatio",
    value: ({ rejectionRatio }) => rejectionRatio,
    draw: (value) => <Percent share={value} />,
  },
  {
    label: "p95 latency",
    measure: "p95LatencyMs",
    value: ({ p95LatencyMs }) => p95LatencyMs,
    draw: (value) => <Duration durationMs={value} />,
  },
];

/** The canary against the rest, measure by measure, with how high each may be. */
export function RolloutComparison({ figures }: { figures: RolloutFigures }) {
  return (
    <ReadOnlyTable label="The canary against the rest">
      <thead>
        <tr>
          <TableHead>Measure</TableHead>
          <TableHead className="text-right">Canary</TableHead>
          <TableHead className="text-right">Rest</TableHead>
          <TableHead className="text-right">At most</TableHead>
          <TableHead>
            <StatusDot tone={verdictWords[figures.verdict].tone}>{verdictWords[figures.verdict].word}</StatusDot>
          </TableHead>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ label, measure, value, draw }) => {
          const judged = figures.measures.find((each) => each.measure === measure);
          const shown = (number: number | null) => (number === null ? none : draw(number));
          return (
            <TableRow key={label}>
              <TableCell>{label}</TableCell>
              <TableCell className="text-right">{shown(value(figures.canary))}</TableCell>
              <TableCell className="text-right">{shown(value(figures.rest))}</TableCell>
              <TableCell className="text-right">{judged ? shown(judged.allowed) : null}</TableCell>
              <TableCell>{judged ? <Verdict verdict={judged.verdict} /> : null}</TableCell>
            </TableRow>
          );
        })}
      </tbody>
    </ReadOnlyTable>
  );
}

function Verdict({ verdict }: { verdict: MeasuredView["verdict"] }) {
  if (verdict === "good") return <StatusDot tone="success">good</StatusDot>;
  return <StatusDot tone={verdictWords[verdict].tone}>{verdictWords[verdict].word}</StatusDot>;
}
