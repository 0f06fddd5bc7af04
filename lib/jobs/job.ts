import type { Database, Tx } from "../db/client.ts";
import type { Context } from "../domain/context.ts";

/** Work that the control plane does by itself, again and again. */
export interface Job {
  name: string;
  everyMs: number;
  /** Asked before a round where most rounds would find nothing: one statement instead of a transaction and its lock. */
  isDue?(database: Database, now: Date): Promise<boolean>;
  /**
   * One round, in a transaction that holds the job's lock: replicas take turns, and what fails is undone. "again" asks
   * for the next round at once; a function is what is done once the round is committed and the lock is free, for what
   * must not hold a transaction open.
   */
  run(ctx: Context & { tx: Tx }): Promise<"done" | "again" | AfterCommit>;
}

/** Work on the outside that a committed round has claimed. What fails in it is reported and not undone. */
export type AfterCommit = (ctx: Context) => Promise<void>;
