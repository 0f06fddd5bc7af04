import type { CompiledLimit } from "./compile-limits.ts";
import type { Counter } from "./counter-table.ts";

/** What a call has taken of one limit, and gives back or settles when it is over. */
export interface Hold {
  readonly limit: CompiledLimit;
  /** Where it was taken in this process; null when it was taken in the shared store. */
  readonly counter: Counter | null;
  /** Where it was taken in the shared store. */
  readonly key: string;
  /** Tokens reserved; 1 for a call. */
  readonly units: number;
  /** The call, by its id. */
  readonly member: string;
}
