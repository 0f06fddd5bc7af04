import type { Call } from "./call.ts";
import { ALLOW, ANSWERED, Denial, type StageResult } from "./denial.ts";
import { meter } from "./meter.ts";
import type { PipelineParts, Stage, StageNeeds } from "./parts.ts";
import { sendDenial } from "./send-denial.ts";

const POLICY_FAILURE = new Denial("policy_failure", "The gateway could not decide about this call and refused it.");

/**
 * Runs calls through the stages. The lists are compiled once: all begin alike, and once the plan is known a call goes on
 * in the list that has only what its plan needs.
 */
export class Pipeline {
  private readonly parts: PipelineParts;
  private readonly models: readonly Stage[];
  private readonly limited: readonly Stage[];
  private readonly unlimited: readonly Stage[];
  private readonly http: readonly Stage[];

  constructor(stages: readonly Stage[], parts: PipelineParts) {
    const compile = (needs: StageNeeds): readonly Stage[] => stages.filter((stage) => stage.isNeeded(needs));
    this.parts = parts;
    this.models = compile({ isInference: false, isHttp: false, hasRateLimits: false });
    this.limited = compile({ isInference: true, isHttp: false, hasRateLimits: true });
    this.unlimited = compile({ isInference: true, isHttp: false, hasRateLimits: false });
    this.http = compile({ isInference: false, isHttp: true, hasRateLimits: true });
  }

  /** Answers a call and meters it. Never rejects. Hot path. */
  async handle(call: Call): Promise<void> {
    try {
      const denial = await this.decide(call);
      if (denial !== null) sendDenial(call, denial, this.parts);
      if (call.conclude !== null) await call.conclude();
    } catch (error) {
      this.parts.onStageError("answer", error);
      call.reply.cut();
    } finally {
      this.settle(call);
      this.releaseLimits(call);
      meter(call, this.parts);
    }
  }

  /** However a call ends, here it gives back what it holds. */
  private releaseLimits(call: Call): void {
    try {
      const wasRefused = call.errorCode === "rate_limit_exceeded" && call.attempts.length === 0;
      if (wasRefused) this.parts.limiter.undo(call);
      this.parts.limiter.callOver(call);
    } catch (error) {
      this.parts.onStageError("limit", error);
    }
  }

  private async decide(call: Call): Promise<Denial | null> {
    let list = this.listFor(call);
    for (let place = 0; place < list.length; place++) {
      const stage = list[place];
      if (stage === undefined) return POLICY_FAILURE;
      let result: StageResult;
      try {
        const given = stage.run(call, this.parts);
        if (!(given instanceof Promise)) result = given;
        else result = await (stage.hasOwnDeadline ? given : within(this.parts.stageDeadlineMs, given));
      } catch (error) {
        this.parts.onStageError(stage.name, error);
        result = POLICY_FAILURE;
      }
      if (result === ANSWERED) break;
      if (result !== ALLOW) {
        const denial = result instanceof Denial ? result : POLICY_FAILURE;
        call.decisions.push({ stage: stage.name, verdict: "deny", rule: denial.rule });
        return denial;
      }
      list = this.listFor(call);
    }
    return call.reply.isStarted ? null : POLICY_FAILURE;
  }

  /** Whoever waits for this call's answer hears of its end, whatever it was. */
  private settle(call: Call): void {
    try {
      call.recording?.settle(call, this.parts.nowMs());
    } catch (error) {
      this.parts.onStageError("cache", error);
    }
  }

  private listFor(call: Call): readonly Stage[] {
    if (call.action === "models") return this.models;
    if (call.action === "http") return this.http;
    const isUnlimited = call.plan?.limits.length === 0 && call.route?.limits.length === 0;
    return isUnlimited ? this.unlimited : this.limited;
  }
}

/** What a stage decides in time; rejects when it does not. */
async function within(deadlineMs: number, given: Promise<StageResult>): Promise<StageResult> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`A stage did not decide in ${deadlineMs} ms`)), deadlineMs);
  });
  try {
    return await Promise.race([given, late]);
  } finally {
    clearTimeout(timer);
  }
}
