import type { CompiledUpstream } from "#gateway/snapshot/snapshot.ts";
import { connectGuarded, connectTarget } from "#gateway/upstream/guarded-connector.ts";

/** A server that speaks first is not listened to. */
const IGNORED = Buffer.alloc(1_024);

/**
 * Opens a connection to an upstream, with TLS where it has it, and closes it again. Resolves with null when it stood in
 * time, otherwise with the reason in words. Sends nothing; addresses that policy forbids are refused as for a call.
 */
export function probeConnection(upstream: CompiledUpstream, timeoutMs: number): Promise<string | null> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | null = null;
    try {
      const target = connectTarget(upstream.origin, upstream.allowPrivateNetwork);
      const socket = connectGuarded(target, { buffer: IGNORED, callback: () => true }, undefined);
      const done = (reason: string | null): void => {
        if (timer !== null) clearTimeout(timer);
        socket.destroy();
        resolve(reason);
      };
      timer = setTimeout(done, timeoutMs, "no connection in time");
      timer.unref();
      socket.unref();
      socket.once(target.isTls ? "secureConnect" : "connect", () => done(null));
      socket.on("error", (error) => done("code" in error ? `no connection: ${String(error.code)}` : "no connection"));
    } catch {
      resolve("the address is not allowed");
    }
  });
}
