import type { PolicyDocument } from "../../contract/policy-document.ts";
import type { RouteRule } from "../../policy/plan-allows.ts";
import { Endings } from "./endings.ts";
import type { Caller, RecordedCall } from "./recorded-call.ts";
import { type Asked, type Fate, SimulatedNode, type UnderWay } from "./simulated-node.ts";
import { compileSimulatedPolicy, type SimulatedVersion, targetKey } from "./simulated-policy.ts";
import { Tally } from "./tally.ts";

/** Counters that have drained are forgotten once in so many calls. */
const SWEEP_EVERY = 10_000;

/** Who calls, by id. */
export interface Callers {
  readonly consumers: ReadonlyMap<string, Caller>;
  /** What narrows a key's plan; keys that nothing narrows, and keys that are gone, are not in it. */
  readonly keys: ReadonlyMap<string, RouteRule>;
}

interface Ending {
  readonly before: UnderWay | null;
  readonly after: UnderWay | null;
  readonly call: RecordedCall;
}

/** Replays calls in the order they were made against the running revision and a draft at once. */
export class Replay {
  readonly tally = new Tally();
  /** Calls whose consumer does not exist any more. */
  withoutConsumer = 0;
  private readonly before: SimulatedNode;
  private readonly after: SimulatedNode;
  private readonly runningRevision: number;
  private readonly endings = new Endings<Ending>();
  private readonly callers: Callers;

  constructor(
    running: { readonly number: number; readonly document: PolicyDocument },
    draft: PolicyDocument,
    callers: Callers,
  ) {
    this.before = new SimulatedNode(compileSimulatedPolicy(running.document));
    this.after = new SimulatedNode(compileSimulatedPolicy(draft));
    this.runningRevision = running.number;
    this.callers = callers;
  }

  /** Takes the next call. Returns what it meets under both; null where its consumer is gone. */
  take(call: RecordedCall): { before: Fate; after: Fate } | null {
    const caller = this.callers.consumers.get(call.consumerId);
    if (caller === undefined) {
      this.withoutConsumer += 1;
      return null;
    }
    this.advance(call.startedMs);
    const asked: Asked = { call, caller, key: this.callers.keys.get(call.apiKeyId) ?? null };
    const before = this.before.decide(asked, () => this.recordedTarget(call));
    const after = this.after.decide(asked, (version) => sameTarget(before, version));
    this.tally.add(call, caller, before, after);
    const ending = { before: this.before.underWay, after: this.after.underWay, call };
    if (ending.before !== null || ending.after !== null) this.endings.add(call.startedMs + call.durationMs, ending);
    if (this.tally.calls % SWEEP_EVERY === 0) this.sweep(call.startedMs);
    return { before, after };
  }

  /** A call that the running revision itself decided went where it went: health and chance had their part in it. */
  private recordedTarget({ revision, upstreamId, model }: RecordedCall): string | null {
    return revision === this.runningRevision && upstreamId !== null ? targetKey(upstreamId, model ?? "") : null;
  }

  private advance(nowMs: number): void {
    for (let ended = this.endings.next(nowMs); ended !== null; ended = this.endings.next(nowMs)) {
      const { before, after, call } = ended.what;
      if (before !== null) this.before.end(before, Math.floor(ended.atMs));
      if (after !== null) this.after.end(after, Math.floor(ended.atMs));
      if (call.firstByteMs === null || call.upstreamId === null || call.cache === "hit") continue;
      const key = targetKey(call.upstreamId, call.model ?? "");
      this.before.answered(key, ended.atMs, call.firstByteMs);
      this.after.answered(key, ended.atMs, call.firstByteMs);
    }
  }

  private sweep(nowMs: number): void {
    this.before.sweep(nowMs);
    this.after.sweep(nowMs);
  }
}

/** Between versions that balance alike a call keeps its target: anything else would be chance. */
function sameTarget(before: Fate, version: SimulatedVersion): string | null {
  return before.version?.balance === version.balance ? (before.target?.key ?? null) : null;
}
