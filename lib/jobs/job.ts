import type { Tx } from "../db/client.ts";
import type { Context } from "../domain/context.ts";

/** Work that the control plane does by itself, again and again. */
export interface Job {
  name: string;
  everyMs: number;
  /**
   * One round, in a transaction that holds the job's lock: replicas take turns, and what fails is undone. "again" asks
   * for the next round at once.
   */
  run(ctx: Context & { tx: Tx }): Promise<"done" | "again">;
}
