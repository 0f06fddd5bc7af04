import { HttpError } from "./http-error.ts";

/** Runs a work when it is its turn. Throws 503 when too many wait already. */
export type Gate = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Lets `atOnce` works run at a time and up to `waitingMax` more wait their turn, in order. Holds a crowd in memory,
 * where waiting costs nothing, instead of at the database's pool, where it runs into time-outs.
 */
export function createGate(atOnce: number, waitingMax: number): Gate {
  let running = 0;
  const waiting: (() => void)[] = [];
  const enter = async (): Promise<void> => {
    if (running < atOnce) {
      running++;
      return;
    }
    if (waiting.length >= waitingMax)
      throw new HttpError("unavailable", "The control plane is busy. Try again in a moment.", { "retry-after": "1" });
    // Whoever leaves hands its place on, so that nobody can slip in between.
    await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const leave = (): void => {
    const next = waiting.shift();
    if (next) next();
    else running--;
  };
  return async (work) => {
    await enter();
    return work().finally(leave);
  };
}
