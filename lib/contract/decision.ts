import { z } from "zod";

/** What policy said about a call, stage by stage: the call's explanation. */
export const StageDecision = z.strictObject({
  stage: z.string(),
  verdict: z.enum(["allow", "deny"]),
  /** The rule that decided, in words a person can look up: "plan standard allows *". */
  rule: z.string(),
  /** Figures behind the verdict: what remained, which limit, which version. */
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
});
export type StageDecision = z.infer<typeof StageDecision>;

export const AttemptRecord = z.strictObject({
  targetId: z.string(),
  upstreamId: z.string(),
  upstreamName: z.string(),
  model: z.string(),
  /** The upstream's credential that the attempt carried; never its secret. Absent where it carried none. */
  credentialId: z.string().optional(),
  /** Milliseconds from the start of the call. */
  startedAtMs: z.number(),
  durationMs: z.number(),
  status: z.int().nullable(),
  /** Why the attempt failed, in a closed vocabulary: `connect`, `address_not_allowed`, `reset`, `timeout_connect`, `timeout_first_byte`, `timeout_idle`, `timeout_total`, `status`, `answer` (one that cannot be used), `cancelled`; null when it succeeded. */
  error: z.string().nullable(),
});
export type AttemptRecord = z.infer<typeof AttemptRecord>;

export const CandidateRecord = z.strictObject({
  targetId: z.string(),
  upstreamName: z.string(),
  model: z.string(),
  weight: z.int(),
  chosen: z.boolean(),
  /** Why it was or was not taken. */
  reason: z.string(),
  /** What the strategy went by, as it stood at the choice. */
  priority: z.int().optional(),
  inFlight: z.int().optional(),
  /** Peak EWMA of the time to the first byte. */
  latencyMs: z.number().optional(),
  /** The weight it had while it started slowly. */
  weightNow: z.number().optional(),
});
export type CandidateRecord = z.infer<typeof CandidateRecord>;

export const Decision = z.strictObject({
  revision: z.int().min(0),
  stages: z.array(StageDecision),
  candidates: z.array(CandidateRecord),
  attempts: z.array(AttemptRecord),
  /** The price arithmetic as one line, e.g. "12 in x $0.15/M + 40 out x $0.60/M = $0.0000258". */
  price: z.string().nullable(),
});
export type Decision = z.infer<typeof Decision>;
