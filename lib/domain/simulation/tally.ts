import { formatMoney } from "../../contract/money.ts";
import type { CompiledLimit } from "../../policy/limits/compile-limits.ts";
import type { Caller, RecordedCall } from "./recorded-call.ts";
import { Rerouting } from "./rerouting.ts";
import type { SimulationExample, SimulationView } from "./schemas.ts";
import type { Fate } from "./simulated-node.ts";
import { VersionUse } from "./version-use.ts";

const CONSUMERS_SHOWN = 50;
const EXAMPLES_OF_ONE = 5;
const EXAMPLES_MAX = 40;

/** Refusals counted by code. */
class Refusals {
  count = 0;
  private readonly codes = new Map<string, number>();

  add(code: string): void {
    this.count += 1;
    this.codes.set(code, (this.codes.get(code) ?? 0) + 1);
  }

  view(): { count: number; byReason: Record<string, number> } {
    const sorted = [...this.codes].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    return { count: this.count, byReason: Object.fromEntries(sorted) };
  }
}

interface LimitCount {
  readonly limit: CompiledLimit;
  before: number;
  after: number;
  readonly consumers: Set<string>;
}

/** Adds up what calls meet under both documents. Bounded by consumers, targets, versions and limits, not by calls. */
export class Tally {
  calls = 0;
  private readonly before = new Refusals();
  private readonly after = new Refusals();
  private readonly newly = new Refusals();
  private readonly admitted = new Refusals();
  private readonly byConsumer = new Map<string, { caller: Caller; refusals: Refusals }>();
  private readonly limits = new Map<string, LimitCount>();
  private readonly rerouting = new Rerouting();
  private readonly versions = new VersionUse();
  private readonly cost = { before: 0n, after: 0n, recorded: 0n, unpriced: 0 };
  private readonly examples: SimulationExample[] = [];
  private readonly examplesOf = new Map<string, number>();

  add(call: RecordedCall, caller: Caller, before: Fate, after: Fate): void {
    this.calls += 1;
    if (before.refusal !== null) this.before.add(before.refusal.code);
    if (after.refusal !== null) this.after.add(after.refusal.code);
    if (before.refusal === null && after.refusal !== null) this.addDenied(call, caller, before, after);
    if (before.refusal !== null && after.refusal === null) {
      this.admitted.add(before.refusal.code);
      this.addExample(call, caller, { what: "admitted", before, after, key: before.refusal.code });
    }
    if (this.rerouting.add(before, after)) this.addExample(call, caller, { what: "rerouted", before, after, key: "" });
    this.versions.add(caller, before, after);
    this.addLimits(before, caller, "before");
    this.addLimits(after, caller, "after");
    this.cost.before += before.costNanos ?? 0n;
    this.cost.after += after.costNanos ?? 0n;
    this.cost.recorded += call.costNanos ?? 0n;
    if (after.refusal === null && after.costNanos === null && !after.isNew) this.cost.unpriced += 1;
  }

  private addDenied(call: RecordedCall, caller: Caller, before: Fate, after: Fate): void {
    const code = after.refusal?.code ?? "";
    this.newly.add(code);
    let own = this.byConsumer.get(caller.id);
    if (own === undefined) {
      own = { caller, refusals: new Refusals() };
      this.byConsumer.set(caller.id, own);
    }
    own.refusals.add(code);
    this.addExample(call, caller, { what: "denied", before, after, key: code });
  }

  private addLimits({ limit, shadowed }: Fate, caller: Caller, when: "before" | "after"): void {
    for (const each of limit === null ? shadowed : [limit, ...shadowed]) {
      let known = this.limits.get(each.key);
      if (known === undefined) {
        known = { limit: each, before: 0, after: 0, consumers: new Set() };
        this.limits.set(each.key, known);
      }
      known[when] += 1;
      known.consumers.add(caller.id);
    }
  }

  private addExample(
    call: RecordedCall,
    { id, name }: Caller,
    { what, before, after, key }: { what: SimulationExample["what"]; before: Fate; after: Fate; key: string },
  ): void {
    const kind = `${what} ${key}`;
    const known = this.examplesOf.get(kind) ?? 0;
    if (known >= EXAMPLES_OF_ONE || this.examples.length >= EXAMPLES_MAX) return;
    this.examplesOf.set(kind, known + 1);
    this.examples.push({
      requestId: call.id,
      time: new Date(call.startedMs).toISOString(),
      consumer: { id, name },
      model: call.requestedModel,
      what,
      before: inWords(before),
      after: inWords(after),
    });
  }

  view(): Omit<
    SimulationView,
    "from" | "to" | "replayedFrom" | "isCut" | "callsMax" | "withoutConsumer" | "base" | "draftEtag" | "notSimulated"
  > {
    const { before, after, recorded, unpriced } = this.cost;
    const consumers = [...this.byConsumer.values()].toSorted((a, b) => b.refusals.count - a.refusals.count);
    const shown = consumers.slice(0, CONSUMERS_SHOWN).map(({ caller, refusals }) => {
      return { ...refusals.view(), consumer: { id: caller.id, name: caller.name } };
    });
    return {
      calls: this.calls,
      denied: {
        ...this.after.view(),
        before: this.before.view(),
        newly: { ...this.newly.view(), byConsumer: shown, consumers: consumers.length },
      },
      admitted: this.admitted.view(),
      ...this.rerouting.view(),
      versions: this.versions.view(),
      limits: [...this.limits.values()]
        .toSorted((a, b) => b.after - a.after || b.before - a.before)
        .map(({ limit: { owner, words, isShadow }, consumers: who, ...counts }) => {
          return { owner, words, isShadow, ...counts, consumers: who.size };
        }),
      cost: {
        before: formatMoney(before),
        after: formatMoney(after),
        recorded: formatMoney(recorded),
        unpriced,
        admittedEstimate: formatMoney(this.rerouting.admittedEstimateNanos()),
      },
      examples: this.examples,
    };
  }
}

function inWords({ refusal, version, target }: Fate): string {
  if (refusal !== null) return `refused with ${refusal.code} (${refusal.rule})`;
  if (target === null) return "answered from the cache";
  const model = target.model === "" ? "" : ` with ${target.model}`;
  return `${version?.label ?? ""} by ${target.upstream.name}${model}`;
}
