import type { SimulationView } from "./schemas.ts";
import type { Fate } from "./simulated-node.ts";
import type { SimulatedTarget } from "./simulated-policy.ts";

const FLOWS_SHOWN = 100;
const TARGETS_SHOWN = 200;

interface Flow {
  readonly route: string;
  readonly from: SimulatedTarget;
  readonly to: SimulatedTarget;
  calls: number;
}

interface Load {
  readonly route: string;
  readonly target: SimulatedTarget;
  before: number;
  after: number;
  /** Calls that only the draft serves, and what the others cost. */
  admitted: number;
  priced: number;
  costNanos: bigint;
}

/** Where calls go under both documents. */
export class Rerouting {
  private readonly flows = new Map<string, Flow>();
  private readonly loads = new Map<string, Load>();

  /** Takes a call's two fates. Returns whether another upstream or model answers it. */
  add(before: Fate, after: Fate): boolean {
    const from = before.refusal === null ? before.target : null;
    const to = after.refusal === null ? after.target : null;
    if (from !== null) this.load(before, from).before += 1;
    if (to !== null) this.addAfter(after, to);
    if (from === null || to === null || from.key === to.key) return false;
    const route = after.route?.name ?? "";
    const key = `${route}\n${from.key}\n\n${to.key}`;
    const known = this.flows.get(key);
    if (known === undefined) this.flows.set(key, { route, from, to, calls: 1 });
    else known.calls += 1;
    return true;
  }

  private addAfter(after: Fate, to: SimulatedTarget): void {
    const load = this.load(after, to);
    load.after += 1;
    if (after.isNew) load.admitted += 1;
    else if (after.costNanos !== null) {
      load.priced += 1;
      load.costNanos += after.costNanos;
    }
  }

  private load({ route }: Fate, target: SimulatedTarget): Load {
    const key = `${route?.name ?? ""}\n${target.key}`;
    let known = this.loads.get(key);
    if (known === undefined) {
      known = { route: route?.name ?? "", target, before: 0, after: 0, admitted: 0, priced: 0, costNanos: 0n };
      this.loads.set(key, known);
    }
    return known;
  }

  /** What the calls that only the draft serves cost, by the mean of the others to the same target. */
  admittedEstimateNanos(): bigint {
    let sum = 0n;
    for (const { admitted, priced, costNanos } of this.loads.values()) {
      if (priced > 0) sum += (costNanos * BigInt(admitted)) / BigInt(priced);
    }
    return sum;
  }

  /** Of two targets between which calls go both ways, only the difference is told: taking turns anew reroutes nobody. */
  view(): Pick<SimulationView, "rerouted" | "targets"> {
    const net = [...this.flows.values()]
      .map((flow) => {
        const back = this.flows.get(`${flow.route}\n${flow.to.key}\n\n${flow.from.key}`)?.calls ?? 0;
        return { ...flow, calls: flow.calls - back };
      })
      .filter(({ calls }) => calls > 0)
      .toSorted((a, b) => b.calls - a.calls);
    const loads = [...this.loads.values()].toSorted((a, b) =>
      a.route < b.route ? -1 : a.route > b.route ? 1 : b.after + b.before - a.after - a.before,
    );
    return {
      rerouted: {
        count: net.reduce((sum, { calls }) => sum + calls, 0),
        flows: net.slice(0, FLOWS_SHOWN).map(({ route, from, to, calls }) => {
          return { route, from: answering(from), to: answering(to), calls };
        }),
      },
      targets: loads.slice(0, TARGETS_SHOWN).map(({ route, target, before, after }) => {
        return { route, ...answering(target), before, after };
      }),
    };
  }
}

function answering({ upstream: { id, name }, model }: SimulatedTarget) {
  return { upstream: { id, name }, model };
}
