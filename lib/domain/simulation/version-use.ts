import type { Caller } from "./recorded-call.ts";
import type { SimulationView } from "./schemas.ts";
import type { Fate } from "./simulated-node.ts";

type Lost = SimulationView["versions"][number];

const CONSUMERS_NAMED = 10;
const VERSIONS_SHOWN = 100;

interface Use {
  readonly what: Pick<Lost, "route" | "version" | "becomes" | "to" | "at">;
  calls: number;
  readonly consumers: Map<string, string>;
}

/** Versions that calls reach under the running revision and that the draft takes from them. */
export class VersionUse {
  private readonly uses = new Map<string, Use>();

  add({ id, name }: Caller, before: Fate, after: Fate): void {
    const what = lostBetween(before, after);
    if (what === null) return;
    const key = `${what.route}@${what.version} ${what.becomes} ${what.to}`;
    let use = this.uses.get(key);
    if (use === undefined) {
      use = { what, calls: 0, consumers: new Map() };
      this.uses.set(key, use);
    }
    use.calls += 1;
    use.consumers.set(id, name);
  }

  view(): Lost[] {
    return [...this.uses.values()]
      .toSorted((a, b) => b.calls - a.calls)
      .slice(0, VERSIONS_SHOWN)
      .map(({ what, calls, consumers }) => {
        const named = [...consumers].slice(0, CONSUMERS_NAMED).map(([id, name]) => ({ id, name }));
        return { ...what, calls, consumers: named, consumerCount: consumers.size };
      });
  }
}

/** What a call's version becomes under the draft; null where it stays what it is. */
function lostBetween(before: Fate, after: Fate): Use["what"] | null {
  const { route, version } = before;
  if (before.refusal !== null || route === null || version === null) return null;
  const lost = { route: route.name, version: version.version, to: null, at: null };
  const code = after.refusal?.code;
  if (code === "version_retired") return { ...lost, becomes: "retired" };
  if (code === "model_not_found" || code === "not_found") return { ...lost, becomes: "gone" };
  const now = after.version;
  if (now === null) return null;
  if (now.label !== version.label) return { ...lost, becomes: "moved", to: now.label };
  const { sunsetMs } = now.life;
  const isNews = Number.isFinite(sunsetMs) && sunsetMs !== version.life.sunsetMs;
  return isNews ? { ...lost, becomes: "sunset", at: new Date(sunsetMs).toISOString() } : null;
}
