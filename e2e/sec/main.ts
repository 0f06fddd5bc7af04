// `npm run sec -- <case> [--n=…]`: one security promise, tried on a real node in front of scripted upstreams, or,
// for `node-identity`, on a real control plane and nodes. Prints one
// JSON line `{case, n, violations, figures}` and exits 1 on a violation.

import type { Verdict } from "#e2e/chaos/verdict.ts";
import { withOwnPlane } from "#e2e/support/light-plane/own-database.ts";
import { dos } from "./dos.ts";
import { failClosed } from "./fail-closed.ts";
import { http } from "./http.ts";
import { nodeIdentity } from "./node-identity.ts";
import { ssrf } from "./ssrf.ts";
import { wallet } from "./wallet.ts";

const [name = "", ...flags] = process.argv.slice(2);
const flag = (key: string, fallback: number) =>
  Number(flags.find((text) => text.startsWith(`--${key}=`))?.split("=")[1] ?? fallback);

const CASES = {
  http: () => http(flag("n", 10_000)),
  ssrf: () => ssrf(),
  dos: () => dos(flag("n", 2_000)),
  wallet: () => wallet(flag("n", 400)),
  "fail-closed": () => failClosed(),
  "node-identity": () => withOwnPlane((plane) => nodeIdentity(plane, flag("n", 40))),
} satisfies Record<string, () => Promise<Verdict>>;

function isCase(text: string): text is keyof typeof CASES {
  return Object.hasOwn(CASES, text);
}

if (!isCase(name)) {
  process.stderr.write(`Usage: npm run sec -- ${Object.keys(CASES).join("|")} [--n=…]\n`);
  process.exit(2);
}
const verdict = await CASES[name]();
process.stdout.write(`${JSON.stringify(verdict)}\n`);
process.exit(verdict.violations > 0 ? 1 : 0);
