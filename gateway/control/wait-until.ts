const LOOK_MS = 20;

/** Resolves once something holds, or after `timeoutMs`. */
export async function waitUntil(holds: () => boolean, timeoutMs: number): Promise<void> {
  const untilMs = performance.now() + timeoutMs;
  while (!holds() && performance.now() < untilMs) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
}
