import type { Verdict } from "#e2e/chaos/verdict.ts";
import { ALLOW, type StageResult } from "#gateway/pipeline/denial.ts";
import type { Stage } from "#gateway/pipeline/parts.ts";
import { PIPELINE } from "#gateway/pipeline/stages.ts";
import { Harness } from "#gateway/testing/harness.ts";

/** A value that is no permission, handed over as if it were a stage's result: what a bug would do. */
function asResult(value: unknown): StageResult {
  return value as StageResult;
}

const FAULTS: Readonly<Record<string, () => StageResult | Promise<StageResult>>> = {
  throws: () => {
    throw new Error("a bug");
  },
  rejects: () => Promise.reject(new Error("a bug")),
  "returns nothing": () => asResult(undefined),
  "returns true": () => asResult(true),
  "returns a word": () => asResult("allow"),
  "resolves to an object": () => Promise.resolve(asResult({ kind: "allow" })),
};
const NEVER_DECIDES = "never decides";

/** What is tried on a stage: never deciding only where the pipeline itself bounds it, and not what a body or upstream does. */
function faultsOf(stage: Stage): [string, () => StageResult | Promise<StageResult>][] {
  const faults = Object.entries(FAULTS);
  return stage.hasOwnDeadline ? faults : [...faults, [NEVER_DECIDES, () => new Promise(() => {})]];
}

/**
 * An exception, silence, and everything else that is no permission, in each stage that the pipeline itself lists: the call must be
 * refused and nothing may reach an upstream.
 */
export async function failClosed(): Promise<Verdict> {
  let faulty = "";
  let fault: (() => StageResult | Promise<StageResult>) | undefined;
  const stages = PIPELINE.map(
    (stage): Stage => ({
      ...stage,
      // Needed by every call while it is the broken one, so that no compiled list leaves it out.
      isNeeded: () => true,
      run: (call, parts) => (stage.name === faulty && fault !== undefined ? fault() : runIfNeeded(stage, call, parts)),
    }),
  );
  const harness = await Harness.start({ stages, stageDeadlineMs: 100 });
  let n = 0;
  const wrong: string[] = [];
  for (const stage of PIPELINE) {
    for (const [what, run] of faultsOf(stage)) {
      faulty = stage.name;
      fault = run;
      n += 1;
      const answer = await harness.chat("smart");
      if (answer.status !== 503 || !answer.text.includes("policy_failure")) {
        wrong.push(`${stage.name} ${what}: ${answer.status}`);
      }
    }
  }
  fault = undefined;
  const reached = harness.first.received.length;
  const works = (await harness.chat("smart")).status === 200;
  await harness.stop();
  const figures = {
    stages: PIPELINE.length,
    faults: Object.keys(FAULTS).length + 1,
    reachedUpstream: reached,
    worksAfterwards: works ? 1 : 0,
    first: wrong[0] ?? "",
  };
  return { case: "fail-closed", n, violations: wrong.length + reached + (works ? 0 : 1), figures };
}

function runIfNeeded(stage: Stage, ...[call, parts]: Parameters<Stage["run"]>): ReturnType<Stage["run"]> {
  const needs = { isInference: call.action !== "models", isHttp: call.action === "http", hasRateLimits: true };
  return stage.isNeeded(needs) ? stage.run(call, parts) : ALLOW;
}
