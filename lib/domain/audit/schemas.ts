import { z } from "zod";
import { Timestamp } from "../../contract/names.ts";
import { PageInput, pageOf } from "../page.ts";
import { QueryTime } from "../usage/schemas.ts";

/** One value or several with commas between them. */
const commaList = z
  .string()
  .max(2_000)
  .transform((text) => text.split(",").map((part) => part.trim()))
  .pipe(z.array(z.string().min(1).max(200)).max(50, "names at most 50 values"));

const Outcome = z.enum(["done", "refused"]);

/** Default: the last 24 hours, newest first. `q` is looked for in names, ids, actions and the actor's name. */
export const AuditListInput = PageInput.extend({
  from: QueryTime.optional(),
  to: QueryTime.optional(),
  actorId: commaList.optional(),
  action: commaList.optional(),
  resource: commaList.optional(),
  resourceId: commaList.optional(),
  teamId: commaList.optional(),
  outcome: commaList.pipe(z.array(Outcome)).optional(),
});

/**
 * Who did what to which thing. `actor.name`, `address` and `userAgent` are null once the personal half was destroyed.
 * `seal` is the entry's place in the chain, null until the sealer has come by.
 */
export const AuditView = z.object({
  id: z.string(),
  at: Timestamp,
  actor: z.object({ kind: z.string(), id: z.string(), name: z.string().nullable() }),
  address: z.string().nullable(),
  userAgent: z.string().nullable(),
  action: z.string(),
  outcome: Outcome,
  resource: z.string(),
  resourceId: z.string(),
  resourceName: z.string(),
  teamId: z.string().nullable(),
  requestId: z.string(),
  before: z.unknown(),
  after: z.unknown(),
  seal: z.object({ sequence: z.int(), hash: z.string() }).nullable(),
});
export type AuditView = z.infer<typeof AuditView>;
export const AuditPage = pageOf(AuditView);

/**
 * `everything` looks for unsealed entries anywhere, not only after the last sealed one: needed at start and after a
 * restore into another database cluster, whose transaction numbers begin again.
 */
export const SealInput = z.strictObject({
  everything: z.boolean().default(false),
  limit: z.int().min(1).max(5_000).default(500),
});
export const SealView = z.object({
  sealed: z.int(),
  more: z.boolean(),
  sequence: z.int(),
  head: z.string(),
});

/** `head`: a head that was noted down earlier; the chain must still contain it. */
export const VerifyInput = z.strictObject({
  head: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "must be 64 hexadecimal digits")
    .optional(),
});

export const AuditProblem = z.object({
  code: z.enum(["seal_missing", "chain_broken", "entry_missing", "entry_changed", "personal_changed", "head_missing"]),
  /** Where in the chain it was found. */
  sequence: z.int(),
  entryId: z.string().nullable(),
  detail: z.string(),
});
export type AuditProblem = z.infer<typeof AuditProblem>;

export const VerifyView = z.object({
  valid: z.boolean(),
  entries: z.int(),
  sealed: z.int(),
  /** Entries that the sealer has not come to yet; more than a second's worth means that it does not run. */
  unsealed: z.int(),
  /** The hash over the whole chain: note it down elsewhere, and a cut-off end cannot go unseen. */
  head: z.string(),
  firstProblem: AuditProblem.nullable(),
});
