import { useEffect, useRef, useState } from "react";
import { ApiProblem } from "#lib/contract/problem.ts";
import { SimulationStep, type SimulationView } from "#lib/domain/simulation/schemas.ts";
import { callInSteps } from "#lib/query/api-client.ts";

/** Recorded calls of this time are replayed. */
export interface SimulatedWindow {
  fromMs: number;
  toMs: number;
}

export type SimulationState =
  | { kind: "idle" }
  /** `of` is null until it is known how many calls there are. */
  | { kind: "running"; calls: number; of: number | null }
  | { kind: "done"; result: SimulationView }
  | { kind: "failed"; error: unknown };

/** Replays recorded calls against the draft, one run at a time; leaving the page ends it. */
export function useSimulation() {
  const [state, setState] = useState<SimulationState>({ kind: "idle" });
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const run = async (window: SimulatedWindow) => {
    running.current?.abort();
    const own = new AbortController();
    running.current = own;
    setState({ kind: "running", calls: 0, of: null });
    try {
      const last = await lastStep(window, own.signal, (step) => own.signal.aborted || setState(step));
      if (!own.signal.aborted) setState(last);
    } catch (error) {
      if (!own.signal.aborted) setState({ kind: "failed", error });
    }
  };
  const cancel = () => {
    running.current?.abort();
    setState({ kind: "idle" });
  };
  return { state, run, cancel };
}

async function lastStep(
  { fromMs, toMs }: SimulatedWindow,
  signal: AbortSignal,
  onProgress: (state: SimulationState) => void,
): Promise<SimulationState> {
  const body = { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
  for await (const step of callInSteps(SimulationStep, "/draft/simulate", { body, signal })) {
    if (step.kind === "progress") onProgress({ kind: "running", calls: step.calls, of: step.of });
    else if (step.kind === "result") return { kind: "done", result: step.result };
    else return { kind: "failed", error: new ApiProblem(step.problem) };
  }
  throw new Error("The simulation ended without a result");
}
