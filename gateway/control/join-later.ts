import { errorFacts, type Log } from "#gateway/log.ts";
import { Backoff } from "./backoff.ts";
import type { KnownIdentity } from "./identity.ts";
import { JoinRefused, join } from "./join.ts";

/**
 * Joins a node that was started from a bundle while the control plane was away: with the keys it has, until it is taken or
 * told for good that it is not. Calls are served meanwhile. Never rejects.
 */
export async function joinLater(options: {
  identity: KnownIdentity;
  version: string;
  log: Log;
  signal: AbortSignal;
}): Promise<void> {
  const { identity, version, log, signal } = options;
  const backoff = new Backoff(200, 5_000, Math.random);
  while (!signal.aborted) {
    const { controlUrl, joinWith: joinToken, name, signingKey, sealingKey, nodeId, storageId } = identity.current;
    if (joinToken === undefined) return;
    const waitMs = await (async () => {
      const keys = { signingKey, sealingKey };
      const joined = await join({ controlUrl, joinToken, name, version, keys });
      await identity.replace({ ...joined, storageId: storageId ?? nodeId });
      log.info({ nodeId: joined.nodeId, group: joined.group }, "joined");
      return 0;
    })().catch((error: unknown) => {
      log.warn(errorFacts(error), "could not join yet");
      return error instanceof JoinRefused ? REFUSED_WAIT_MS : backoff.nextMs();
    });
    if (waitMs > 0) await pause(waitMs, signal);
  }
}

/** A refusal may end when somebody gives the bundle's token more uses or starts another release. */
const REFUSED_WAIT_MS = 60_000;

function pause(waitMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, waitMs);
    signal.addEventListener("abort", done, { once: true });
  });
}
