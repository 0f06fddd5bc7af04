import { existsSync, readFileSync } from "node:fs";
import net from "node:net";
import { writePrivate } from "#scripts/home-files.ts";

/** Why a TCP port cannot be listened on at an address now: the system's error code, or `null` where it can. */
export function portFailure(port: number, host: string): Promise<string | null> {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(null)));
  });
}

/** A loopback port that was free a moment ago. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

/** The port that a data directory used last time where it is still free, else another free one, remembered in `file`. */
export async function stablePort(file: string): Promise<number> {
  const last = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
  if (last > 0 && (await portFailure(last, "127.0.0.1")) === null) return last;
  const port = await findFreePort();
  writePrivate(file, `${port}\n`);
  return port;
}
