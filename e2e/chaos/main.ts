// `npm run chaos -- <case> [--n=…] [--seconds=…]`: one promise, measured on a real installation, or, for `ratelimit`, on
// nodes' limiters and a real Redis, or, for `upstream`, on a node in front of a scripted upstream. Prints one JSON line
// `{case, n, violations, figures}` and exits 1 on a violation.

import { withOwnPlane } from "#e2e/support/light-plane/own-database.ts";
import { type StartedTurnpike, startTurnpike } from "#e2e/support/turnpike.ts";
import { canary } from "./canary.ts";
import { configAtomic } from "./config-atomic.ts";
import { configNack } from "./config-nack.ts";
import { corruptFiles } from "./corrupt-files.ts";
import { cpDown } from "./cp-down.ts";
import { cpKill } from "./cp-kill.ts";
import { dpCold } from "./dp-cold.ts";
import { idem } from "./idem/idem.ts";
import { netem } from "./netem.ts";
import { publish } from "./publish.ts";
import { rateLimit } from "./rate-limit.ts";
import { restoreOld } from "./restore-old.ts";
import { revoke } from "./revoke.ts";
import { rollback } from "./rollback.ts";
import { rolling } from "./rolling.ts";
import { scaling } from "./scaling.ts";
import { skew } from "./skew.ts";
import { upstreamFaults } from "./upstream-faults.ts";
import type { Verdict } from "./verdict.ts";

const [name = "", ...flags] = process.argv.slice(2);
const flag = (key: string, fallback: number) =>
  Number(flags.find((text) => text.startsWith(`--${key}=`))?.split("=")[1] ?? fallback);

const CASES = {
  publish: () => installed((turnpike) => publish(turnpike, flag("n", 100))),
  revoke: () => installed((turnpike) => revoke(turnpike, flag("n", 100))),
  "cp-down": () => installed((turnpike) => cpDown(turnpike, { seconds: flag("seconds", 60) })),
  rolling: () => installed((turnpike) => rolling(turnpike, { streams: flag("n", 200) }), { GATEWAY_NODES: "3" }),
  scaling: () => scaling(),
  ratelimit: () => rateLimit(flag("n", 1_000_000)),
  upstream: () => upstreamFaults(flag("n", 3)),
  "cp-kill": () => cpKill(flag("n", 1_000)),
  netem: () => netem({ cutSeconds: flag("seconds", 300), badSeconds: flag("seconds", 300), replicas: 2 }),
  "corrupt-files": () => corruptFiles(flag("n", 5_000)),
  "dp-cold": () => withOwnPlane((plane) => dpCold(plane, { keys: flag("keys", 10_000), rounds: flag("n", 10) })),
  "restore-old": () => withOwnPlane((plane) => restoreOld(plane, { nodes: flag("n", 3) })),
  skew: () => withOwnPlane((plane) => skew(plane)),
  canary: () => canary(flag("kill", 0) === 1),
  rollback: () => rollback(flag("n", 50)),
  "config-atomic": () => configAtomic(flag("n", 1_000), flag("kills", 200)),
  "config-nack": () => configNack(flag("n", 10_000)),
  idem: () => idem(flag("n", 1_000), flag("kills", 50)),
} satisfies Record<string, () => Promise<Verdict>>;

async function installed(
  measure: (turnpike: StartedTurnpike) => Promise<Verdict>,
  env: Record<string, string> = {},
): Promise<Verdict> {
  const turnpike = await startTurnpike(env);
  try {
    return await measure(turnpike);
  } finally {
    await turnpike.remove();
  }
}

function isCase(text: string): text is keyof typeof CASES {
  return Object.hasOwn(CASES, text);
}

if (!isCase(name)) {
  process.stderr.write(`Usage: npm run chaos -- ${Object.keys(CASES).join("|")} [--n=…] [--seconds=…]\n`);
  process.exit(2);
}
const verdict = await CASES[name]();
process.stdout.write(`${JSON.stringify(verdict)}\n`);
process.exitCode = verdict.violations > 0 ? 1 : 0;
