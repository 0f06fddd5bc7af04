import { z } from "zod";
import { Id, Timestamp } from "./names.ts";

/**
 * The directory lane: who may call. It takes effect at once, as an ordered log that holds the latest state of every
 * entity under the sequence of its last change (a compacted log): reading from cursor 0 yields the whole directory,
 * reading on yields the deltas, and both are one path. A removed entity is a change without a body.
 */
export const DirectoryConsumer = z.strictObject({
  id: Id,
  name: z.string(),
  teamId: Id,
  planId: Id,
  /** Why nobody may call as this consumer, or null. */
  suspendedReason: z.string().nullable(),
  /** A node that has not applied this revision answers 503 for this consumer: its plan may be unknown there. */
  minRevision: z.int().min(0),
});
export type DirectoryConsumer = z.infer<typeof DirectoryConsumer>;

export const DirectoryApiKey = z.strictObject({
  id: Id,
  consumerId: Id,
  /** SHA-256 of the secret in hex: the node's index. */
  sha256: z.string().length(64),
  expiresAt: Timestamp.nullable(),
  /** Route names this key may call, narrowing the plan; null means all the plan allows. */
  routes: z.array(z.string()).nullable(),
});
export type DirectoryApiKey = z.infer<typeof DirectoryApiKey>;

/** The cached answers of a route were thrown away: what is kept under another `purgeId` is not served. */
export const DirectoryRouteCache = z.strictObject({ purgeId: Id });
export type DirectoryRouteCache = z.infer<typeof DirectoryRouteCache>;

const at = { sequence: z.int().min(1), id: Id };
export const DirectoryChange = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("consumer"), ...at, body: DirectoryConsumer.nullable() }),
  z.strictObject({ kind: z.literal("apiKey"), ...at, body: DirectoryApiKey.nullable() }),
  /** `id` is the route's. */
  z.strictObject({ kind: z.literal("routeCache"), ...at, body: DirectoryRouteCache.nullable() }),
]);
export type DirectoryChange = z.infer<typeof DirectoryChange>;
