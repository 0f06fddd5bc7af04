import { z } from "zod";
import { Timestamp } from "../../contract/names.ts";
import { Problem } from "../../contract/problem.ts";

/** How many calls are replayed at most: the newest of the window. */
export const CALLS_MAX = 100_000;
/** How long a window may be. */
export const WINDOW_DAYS_MAX = 31;

export const SimulationInput = z.strictObject({
  /** The hour before `to` where it is left out. */
  from: Timestamp.optional(),
  /** Now where it is left out. */
  to: Timestamp.optional(),
});
export type SimulationInput = z.infer<typeof SimulationInput>;

const count = z.int().min(0);
const byReason = z.record(z.string(), count).describe("By the code that the caller would get.");
const named = z.object({ id: z.string(), name: z.string().nullable() });
const Refused = z.object({ count, byReason });
const Answering = z.object({ upstream: named, model: z.string() });
const dollars = z.string().describe('Dollars as a decimal string, "0.0123".');

export const SimulationExample = z.object({
  /** Of the recorded call: `GET /requests/{id}`. */
  requestId: z.string(),
  time: Timestamp,
  consumer: named,
  model: z.string().nullable(),
  what: z.enum(["denied", "admitted", "rerouted"]),
  /** What it meets under the running revision and under the draft, in words. */
  before: z.string(),
  after: z.string(),
});
export type SimulationExample = z.infer<typeof SimulationExample>;

export const SimulationView = z.object({
  from: Timestamp,
  to: Timestamp,
  /** The first call that was replayed; later than `from` where the window has more calls than are replayed. */
  replayedFrom: Timestamp,
  isCut: z.boolean(),
  callsMax: count,
  /** How many calls were replayed. */
  calls: count,
  /** Calls left out because their consumer does not exist any more. */
  withoutConsumer: count,
  /** The running revision that the draft is compared with, and the draft's ETag. */
  base: count,
  draftEtag: z.string(),
  /** Calls that the draft refuses. `before`: that the running revision refuses. `newly`: only the draft does. */
  denied: Refused.extend({
    before: Refused,
    newly: Refused.extend({
      byConsumer: z.array(Refused.extend({ consumer: named })).describe("Most calls first, 50 at most."),
      consumers: count,
    }),
  }),
  /** Calls that the running revision refuses and the draft serves, by why they are refused. */
  admitted: Refused,
  /** Calls that another upstream or model answers: how many more go from one to the other than back. */
  rerouted: z.object({
    count,
    flows: z.array(z.object({ route: z.string(), from: Answering, to: Answering, calls: count })),
  }),
  /** What answers each route's calls, before and after. */
  targets: z.array(z.object({ route: z.string(), upstream: named, model: z.string(), before: count, after: count })),
  /** Versions that recorded calls use and that the draft takes from them or will. */
  versions: z.array(
    z.object({
      route: z.string(),
      version: z.string(),
      calls: count,
      consumers: z.array(named),
      consumerCount: count,
      becomes: z.enum(["retired", "gone", "moved", "sunset"]),
      /** Where its calls go, for `moved`. */
      to: z.string().nullable(),
      /** When it retires, for `sunset`. */
      at: Timestamp.nullable(),
    }),
  ),
  /** Limits that refuse calls under the draft, shadows that would. */
  limits: z.array(
    z.object({
      owner: z.string(),
      words: z.string(),
      isShadow: z.boolean(),
      before: count,
      after: count,
      consumers: count,
    }),
  ),
  cost: z.object({
    before: dollars,
    after: dollars,
    /** What the calls cost when they were made. */
    recorded: dollars,
    /** Calls whose cost under the draft is not known: their model has no price. */
    unpriced: count,
    /** What the calls cost that only the draft serves, by what others to the same target cost; not part of `after`. */
    admittedEstimate: dollars,
  }),
  examples: z.array(SimulationExample),
  /** What a simulation cannot know, in sentences. */
  notSimulated: z.array(z.string()),
});
export type SimulationView = z.infer<typeof SimulationView>;

/** What a streamed simulation says while it runs, one JSON value a line. */
export const SimulationStep = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("progress"), calls: count, of: count }),
  z.object({ kind: z.literal("result"), result: SimulationView }),
  /** It broke off. */
  z.object({ kind: z.literal("error"), problem: Problem }),
]);
export type SimulationStep = z.infer<typeof SimulationStep>;
