// `npm run chaos -- <case> [--n=…] [--seconds=…]`: one promise, measured on a real installation. Prints one JSON line
// `{case, n, violations, figures}` and exits 1 on a violation.

import { startTurnpike } from "#e2e/support/turnpike.ts";
import { cpDown } from "./cp-down.ts";
import { publish } from "./publish.ts";
import { revoke } from "./revoke.ts";

const [name = "", ...flags] = process.argv.slice(2);
const flag = (key: string, fallback: number) =>
  Number(flags.find((text) => text.startsWith(`--${key}=`))?.split("=")[1] ?? fallback);

const CASES = {
  publish: (turnpike) => publish(turnpike, flag("n", 100)),
  revoke: (turnpike) => revoke(turnpike, flag("n", 100)),
  "cp-down": (turnpike) => cpDown(turnpike, { seconds: flag("seconds", 60) }),
} satisfies Record<string, (turnpike: Awaited<ReturnType<typeof startTurnpike>>) => Promise<{ violations: number }>>;

function isCase(text: string): text is keyof typeof CASES {
  return Object.hasOwn(CASES, text);
}

if (!isCase(name)) {
  process.stderr.write(`Usage: npm run chaos -- ${Object.keys(CASES).join("|")} [--n=…] [--seconds=…]\n`);
  process.exit(2);
}
const turnpike = await startTurnpike();
try {
  const verdict = await CASES[name](turnpike);
  process.stdout.write(`${JSON.stringify(verdict)}\n`);
  process.exitCode = verdict.violations > 0 ? 1 : 0;
} finally {
  await turnpike.remove();
}
