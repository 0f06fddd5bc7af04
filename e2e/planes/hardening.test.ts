import { expect, it } from "vitest";
import type { Verdict } from "#e2e/chaos/verdict.ts";
import { dos } from "#e2e/sec/dos.ts";
import { failClosed } from "#e2e/sec/fail-closed.ts";
import { http } from "#e2e/sec/http.ts";
import { ssrf } from "#e2e/sec/ssrf.ts";
import { wallet } from "#e2e/sec/wallet.ts";

/** The same cases as `npm run sec`, with fewer tries. */
const CASES: Readonly<Record<string, () => Promise<Verdict>>> = {
  http: () => http(600),
  ssrf,
  dos: () => dos(300),
  wallet: () => wallet(200),
  "fail-closed": failClosed,
};

it.each(Object.keys(CASES))("%s: no violation", { timeout: 120_000 }, async (name) => {
  const verdict = await CASES[name]?.();
  expect(verdict?.violations, JSON.stringify(verdict)).toBe(0);
  expect(verdict?.n).toBeGreaterThan(70);
});
