"use client";
import { FlaskConical } from "lucide-react";
import { useId, useState } from "react";
import { fromLocalInput, rangeProblem, toLocalInput } from "#components/date-range/date-range.ts";
import { exactNumber } from "#components/format/number.ts";
import { describeProblem } from "#components/forms/describe-problem.ts";
import { SimulationResult } from "#components/simulation/simulation-result.tsx";
import { Button } from "#components/ui/button.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { FieldError } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Progress } from "#components/ui/progress.tsx";
import { SegmentedControl } from "#components/ui/segmented-control.tsx";
import { ApiProblem } from "#lib/contract/problem.ts";
import { type SimulatedWindow, useSimulation } from "#lib/query/simulation.ts";

const hourMs = 3_600_000;
const spans = [
  { value: "hour", label: "Last hour" },
  { value: "day", label: "Last day" },
  { value: "custom", label: "From … to" },
] as const;
type Span = (typeof spans)[number]["value"];

interface CustomSpan {
  from: string;
  to: string;
}

/** The moments that a choice means now, or why it means none. */
function windowOf(span: Span, custom: CustomSpan): SimulatedWindow | string {
  const nowMs = Date.now();
  if (span !== "custom") return { fromMs: nowMs - (span === "hour" ? hourMs : 24 * hourMs), toMs: nowMs };
  const fromMs = fromLocalInput(custom.from);
  const toMs = fromLocalInput(custom.to);
  const problem = rangeProblem(fromMs, toMs);
  return problem !== null || fromMs === null || toMs === null ? (problem ?? "") : { fromMs, toMs };
}

/** Replays recorded calls against the draft: which time, how far it is, what it found. */
export function SimulationPanel() {
  const [span, setSpan] = useState<Span>("hour");
  const [custom, setCustom] = useState<CustomSpan>({ from: "", to: "" });
  const [problem, setProblem] = useState<string | null>(null);
  const { state, run, cancel } = useSimulation();
  const start = () => {
    const window = windowOf(span, custom);
    setProblem(typeof window === "string" ? window : null);
    if (typeof window !== "string") void run(window);
  };
  const choose = (next: Span) => {
    if (next === "custom" && custom.from === "") {
      const nowMs = Date.now();
      setCustom({ from: toLocalInput(nowMs - 6 * hourMs), to: toLocalInput(nowMs) });
    }
    setSpan(next);
  };
  const isRunning = state.kind === "running";
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <SegmentedControl label="Recorded calls of" segments={spans} value={span} onValueChange={choose} />
        {isRunning ? (
          <Button onClick={cancel}>Cancel</Button>
        ) : (
          <Button onClick={start}>
            <FlaskConical aria-hidden />
            Simulate
          </Button>
        )}
      </div>
      {span === "custom" ? <CustomWindow value={custom} onChange={setCustom} /> : null}
      {problem ? <FieldError message={problem} /> : null}
      {state.kind === "running" ? <Running calls={state.calls} of={state.of} /> : null}
      {state.kind === "failed" ? <Failed error={state.error} onRetry={start} /> : null}
      {state.kind === "done" ? <SimulationResult result={state.result} /> : null}
      {state.kind === "idle" ? (
        <p className="text-muted text-sm">
          Replays recorded calls against this draft: who would be refused, where calls would go, what they would cost.
        </p>
      ) : null}
    </div>
  );
}

function CustomWindow({ value, onChange }: { value: CustomSpan; onChange: (value: CustomSpan) => void }) {
  const id = useId();
  return (
    <div className="grid max-w-sm grid-cols-[3rem_1fr] items-center gap-2 text-sm">
      <label htmlFor={`${id}-from`}>From</label>
      <Input
        id={`${id}-from`}
        type="datetime-local"
        value={value.from}
        onChange={(event) => onChange({ ...value, from: event.target.value })}
      />
      <label htmlFor={`${id}-to`}>To</label>
      <Input
        id={`${id}-to`}
        type="datetime-local"
        value={value.to}
        onChange={(event) => onChange({ ...value, to: event.target.value })}
      />
    </div>
  );
}

function Running({ calls, of }: { calls: number; of: number | null }) {
  const words =
    of === null ? "Looking for recorded calls…" : `${exactNumber(calls)} of ${exactNumber(of)} calls replayed`;
  return (
    <div className="flex flex-col gap-1.5" aria-live="polite">
      <Progress label="Simulation" value={of === null ? null : of === 0 ? 1 : calls / of} />
      <p className="num text-muted text-sm">{words}</p>
    </div>
  );
}

function Failed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const requestId = error instanceof ApiProblem ? error.problem.requestId : undefined;
  return (
    <ErrorState title="The simulation did not finish" onRetry={onRetry} requestId={requestId}>
      {describeProblem(error)}
    </ErrorState>
  );
}
