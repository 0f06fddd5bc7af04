import type { CompiledTarget, CompiledVersion, Snapshot } from "#gateway/snapshot/snapshot.ts";
import {
  newSelectionState,
  type SelectionState,
  selectRoundRobin,
  selectSmoothWeighted,
} from "#lib/policy/select-target.ts";

/** Chooses targets. What it remembers is kept by route version and target, and survives a new snapshot. */
export class TargetBalancer {
  private readonly states = new Map<string, SelectionState>();

  /** The next target of a version, leaving out those already tried; null when none is left. Hot path. */
  choose(version: CompiledVersion, tried: ReadonlySet<string> | null): CompiledTarget | null {
    let state = this.states.get(version.label);
    if (state === undefined) {
      state = newSelectionState();
      this.states.set(version.label, state);
    }
    const select = version.strategy === "weighted" ? selectSmoothWeighted : selectRoundRobin;
    return version.targets[select(version.targets, state, tried)] ?? null;
  }

  /** Forgets what a new snapshot does not have any more. */
  retain(snapshot: Snapshot): void {
    const labels = new Map<string, CompiledVersion>();
    for (const route of snapshot.routes.values()) {
      for (const version of route.byPin.values()) labels.set(version.label, version);
    }
    for (const [label, state] of this.states) {
      const version = labels.get(label);
      if (version === undefined) {
        this.states.delete(label);
        continue;
      }
      const ids = new Set(version.targets.map((target) => target.id));
      for (const id of state.currentWeights.keys()) if (!ids.has(id)) state.currentWeights.delete(id);
    }
  }
}
