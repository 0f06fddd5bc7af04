import { z } from "zod";
import { Decision } from "./decision.ts";
import { Id, Timestamp } from "./names.ts";

/** How a call ended. `interrupted`: the node died while it ran, and its numbers are an estimate. */
export const CallOutcome = z.enum(["ok", "denied", "error", "cancelled", "interrupted"]);
export type CallOutcome = z.infer<typeof CallOutcome>;

const count = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

/** Token counts in the shape of the AI SDK's usage: cached input and cache writes are part of input, reasoning is part of output. */
export const TokenUsage = z.strictObject({
  inputTokens: count,
  /** Input read from the provider's prompt cache. */
  cachedInputTokens: count,
  /** Input written to the provider's prompt cache, where the provider charges for it. */
  cacheWriteTokens: count.default(0),
  outputTokens: count,
  reasoningTokens: count,
  /** Where the counts come from: the upstream's own report, an estimate of ours, or nothing was generated. */
  source: z.enum(["upstream", "estimate", "none"]),
});
export type TokenUsage = z.infer<typeof TokenUsage>;

/** What the body and headers of a call said that policy goes by, as they arrived: a simulation decides by them again. */
export const AskedFacts = z.strictObject({
  /** `x-api-version`, cut to 60 characters. */
  version: z.string().max(60).nullable(),
  /** How long the body was. */
  bodyBytes: count,
  /** The body was a form, whose bytes are no text. */
  isForm: z.boolean(),
  /** The most tokens one answer may have; null where the body did not say. */
  maxOutputTokens: count.nullable(),
  /** How many answers were asked for. */
  candidates: count,
});
export type AskedFacts = z.infer<typeof AskedFacts>;

/** The facts of one finished call. Written by the node to its spool, ingested once by (node, incarnation, sequence, day). */
export const UsageEvent = z.strictObject({
  sequence: z.int().min(1),
  /** The call's id, which the caller saw as `x-request-id`: a UUIDv7 behind `req_`. */
  id: Id,
  startedAt: Timestamp,
  durationMs: z.number().min(0),
  firstByteMs: z.number().min(0).nullable(),
  teamId: Id.nullable(),
  consumerId: Id.nullable(),
  apiKeyId: Id.nullable(),
  /** The caller's own end user (OpenAI's `user`), as sent, cut to 200 characters. */
  endUser: z.string().max(200).nullable(),
  sourceAddress: z.string().max(64),
  userAgent: z.string().max(200).nullable(),
  /** What was asked: `chat.completions`, `embeddings`, `models`… */
  action: z.string().max(60),
  /** The `model` the caller asked for, cut to 200 characters, even when no such route exists. */
  requestedModel: z.string().max(200).nullable(),
  route: z.string().nullable(),
  routeVersion: z.string().nullable(),
  targetId: Id.nullable(),
  upstreamId: Id.nullable(),
  provider: z.string().nullable(),
  model: z.string().nullable(),
  revision: z.int().min(0),
  status: z.int().min(100).max(599),
  outcome: CallOutcome,
  errorCode: z.string().nullable(),
  stream: z.boolean(),
  attempts: z.int().min(0),
  cache: z.enum(["hit", "miss", "bypass"]),
  usage: TokenUsage,
  /** Nano-dollars as a decimal integer string; null when the model has no price. */
  costNanos: z
    .string()
    .regex(/^\d{1,18}$/)
    .nullable(),
  priceVersion: z.string().nullable(),
  /** Which known parameters the body had at its top level, by name; what a node before this field reported has none. */
  parameters: z.array(z.string().max(40)).max(100).optional(),
  /** Absent for a caller nobody knew, for a call that was interrupted, and from a node before this field. */
  asked: AskedFacts.optional(),
  decision: Decision,
});
export type UsageEvent = z.infer<typeof UsageEvent>;
