import { setTimeout as sleep } from "node:timers/promises";

/** Asks until the answer is not undefined; throws with what it waited for once the time is up. */
export async function waitUntil<T>(
  what: string,
  maxMs: number,
  ask: () => Promise<T | undefined>,
  everyMs = 50,
): Promise<T> {
  const deadline = performance.now() + maxMs;
  let last: unknown;
  while (performance.now() < deadline) {
    const answer = await ask().catch((error: unknown) => {
      last = error;
      return undefined;
    });
    if (answer !== undefined) return answer;
    await sleep(everyMs);
  }
  throw new Error(
    `Waited ${maxMs} ms in vain for ${what}${last === undefined ? "" : ` (last error: ${String(last)})`}`,
  );
}
