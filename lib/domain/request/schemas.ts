import { z } from "zod";
import { Decision } from "../../contract/decision.ts";
import { Id, Timestamp } from "../../contract/names.ts";
import { CallOutcome, TokenUsage } from "../../contract/usage-event.ts";
import { PageInput, pageOf } from "../page.ts";
import { Named, NamedKey, QueryTime, TrafficFilters } from "../usage/schemas.ts";

/** A list of values with commas between them. */
const commaList = z
  .string()
  .max(2_000)
  .transform((text) => text.split(",").map((part) => part.trim()))
  .pipe(z.array(z.string().min(1).max(200)).max(50, "names at most 50 values"));

/** Default: the last 24 hours, newest first. `q` is a request's id or how it begins. */
export const RequestListInput = TrafficFilters.extend(PageInput.shape).extend({
  from: QueryTime.optional(),
  to: QueryTime.optional(),
  outcome: commaList.pipe(z.array(CallOutcome)).optional(),
  action: commaList.optional(),
  errorCode: commaList.optional(),
});

/** One call as the list shows it. `upstream`, `node` and `revision` are null for those who may not read these. */
export const RequestSummary = z.object({
  id: Id,
  time: Timestamp,
  team: Named.nullable(),
  consumer: Named.nullable(),
  apiKey: NamedKey.nullable(),
  endUser: z.string().nullable(),
  action: z.string(),
  requestedModel: z.string().nullable(),
  route: z.string().nullable(),
  version: z.string().nullable(),
  upstream: Named.nullable(),
  provider: z.string().nullable(),
  model: z.string().nullable(),
  node: Named.nullable(),
  revision: z.int().nullable(),
  status: z.int(),
  outcome: CallOutcome,
  errorCode: z.string().nullable(),
  stream: z.boolean(),
  attempts: z.int(),
  cache: z.string(),
  inputTokens: z.number(),
  cachedInputTokens: z.number(),
  outputTokens: z.number(),
  reasoningTokens: z.number(),
  usageSource: TokenUsage.shape.source,
  /** A decimal amount; null when the model has no price. */
  cost: z.string().nullable(),
  durationMs: z.number(),
  firstByteMs: z.number().nullable(),
});
export type RequestSummary = z.infer<typeof RequestSummary>;
export const RequestPage = pageOf(RequestSummary);

/** One call with the explanation of what policy said, stage by stage. */
export const RequestView = RequestSummary.extend({
  sourceAddress: z.string(),
  userAgent: z.string().nullable(),
  priceVersion: z.string().nullable(),
  decision: Decision,
});
export type RequestView = z.infer<typeof RequestView>;
