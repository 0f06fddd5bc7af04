import { z } from "zod";

/** How a node finds out that an upstream is well again, besides by trying a call. Never a call that costs anything. */
export const HealthProbe = z.strictObject({
  /**
   * `connect`: opens a connection (TCP, and TLS where the upstream has it), only while the upstream is taken for
   * unreachable. `http`: asks for `path` with GET, all the time; a 2xx or 3xx passes.
   */
  kind: z.enum(["connect", "http", "off"]).default("connect"),
  /** For `http`: from the root of the upstream's host. */
  path: z
    .string()
    .max(500)
    .regex(/^\/[\x21-\x7e]*$/, "must start with / and have no spaces")
    .default("/"),
  intervalSeconds: z.number().min(0.1).max(3_600).default(5),
  timeoutMs: z.int().min(10).max(60_000).default(2_000),
  /** For `http`: so many failures in a row take the upstream out of service. */
  failuresToOpen: z.int().min(1).max(100).default(3),
  /** For `http`: so many passes in a row bring its targets to a trial. */
  passesToReturn: z.int().min(1).max(100).default(2),
  /** For `http`: whether the probe carries the upstream's credential. */
  sendsCredential: z.boolean().default(false),
});
export type HealthProbe = z.infer<typeof HealthProbe>;

/**
 * When a node takes a target of an upstream, the upstream itself, or one of its credentials out of service, and how it
 * comes back. 5xx, resets and times that run out count against the target, connections that cannot be made against the
 * upstream, 401, 403 and 407 against the credential; 429 is honoured; every other status counts for nothing.
 */
export const HealthPolicy = z.strictObject({
  /** So many failures in a row open the breaker; 0: never. */
  consecutiveFailures: z.int().min(0).max(1_000).default(5),
  /** This share of failures in the window opens the breaker; 0: never. */
  errorPercent: z.int().min(0).max(100).default(50),
  windowSeconds: z.number().min(1).max(600).default(30),
  /** The share says nothing before the window has so many calls. */
  callsMin: z.int().min(1).max(100_000).default(20),
  /** How long a breaker is open before one call is tried; doubles with each trial that fails. */
  openSeconds: z.number().min(0.1).max(3_600).default(5),
  openSecondsMax: z.number().min(0.1).max(86_400).default(120),
  /** A target that has returned gets its full share only after this time; 0: at once. */
  slowStartSeconds: z.number().min(0).max(3_600).default(10),
  /** How long a refused credential rests before one call tries it again, doubling; 0: it never rests. */
  credentialRestSeconds: z.number().min(0).max(3_600).default(10),
  /** A `retry-after` is honoured up to this; 0: not at all. */
  retryAfterSecondsMax: z.number().min(0).max(3_600).default(60),
  /** When every target of a route is out of service: refuse the call, or try this upstream's targets all the same. */
  whenAllOut: z.enum(["refuse", "try"]).default("refuse"),
  probe: HealthProbe.prefault({}),
});
export type HealthPolicy = z.infer<typeof HealthPolicy>;

/** What holds where nothing is said. */
export const HEALTH_DEFAULT: HealthPolicy = HealthPolicy.parse({});
