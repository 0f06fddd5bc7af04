import type { TokenUsage } from "#lib/contract/usage-event.ts";

/** An answer that is served again: what the upstream gave, without what the gateway said of the call it was made for. */
export interface KeptAnswer {
  readonly status: number;
  /** Flat list of names and values: the upstream's own that a caller may see. */
  readonly headers: readonly string[];
  /** The body as it went out, write by write: one piece for a whole answer, events as they came for a stream. */
  readonly pieces: readonly Buffer[];
  /** Whether it went out piece by piece, without a length. */
  readonly isStream: boolean;
  readonly usage: TokenUsage;
  /** The target that gave it. The key names the route version, so that it is one of the version's. */
  readonly targetId: string;
  /** Milliseconds since 1970 by the control plane's clock. */
  readonly madeAtMs: number;
  readonly expiresAtMs: number;
}

/** What an entry costs beside its bytes: objects, its key, its place in the list. */
const OVERHEAD_BYTES = 1_024;

/** What an answer counts for against the bound of the cache, in bytes. */
export function sizeOf(answer: KeptAnswer): number {
  let bytes = OVERHEAD_BYTES;
  for (const text of answer.headers) bytes += text.length;
  // Each piece is an object of its own.
  for (const piece of answer.pieces) bytes += piece.length + 100;
  return bytes;
}

/** How old an answer is, in whole seconds, as `Age` says it. */
export function ageSeconds(answer: KeptAnswer, nowMs: number): number {
  return Math.max(0, Math.floor((nowMs - answer.madeAtMs) / 1_000));
}
