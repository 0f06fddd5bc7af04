import type { AddressInfo, Server } from "node:net";

/** The port that a server listens on; 0 before it does. */
export function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** Listens, or rejects with why not. `isOwnPort`: not to be shared with the other nodes of this machine. */
export async function listen(server: Server, port: number, host: string, isOwnPort = false): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host, backlog: 4_096, exclusive: isOwnPort }, () => {
      server.removeListener("error", reject);
      resolve();
    });
  });
}
