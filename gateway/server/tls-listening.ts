import type { Server } from "node:http";
import { Server as HttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Log } from "#gateway/log.ts";
import { createRedirectServer } from "./http-redirect.ts";
import type { GatewayListener } from "./listener.ts";
import type { TlsFiles, TlsServing, TlsWatch } from "./tls-serving.ts";

/** How a node serves over TLS. */
export interface TlsOptions extends TlsFiles {
  /** Where plain HTTP is told to come back with TLS; null for nowhere. */
  readonly redirectPort: number | null;
  /** How often the files are looked at; for tests. */
  readonly lookEveryMs?: number;
}

/** What keeps a TLS listener up to date beside the listener itself. */
export class TlsListening {
  private readonly serving: TlsServing;
  private readonly server: HttpsServer;
  private readonly watch: TlsWatch;
  private readonly redirect: Server | null;

  constructor(serving: TlsServing, options: TlsOptions, listener: GatewayListener, log: Log) {
    const { server } = listener;
    if (!(server instanceof HttpsServer)) throw new Error("A node with TLS has a listener without");
    this.serving = serving;
    this.server = server;
    this.watch = {
      ...(options.lookEveryMs === undefined ? {} : { everyMs: options.lookEveryMs }),
      onReloaded: (facts) => log.info(facts, "a new certificate is in force"),
      onProblem: (message) => log.warn({ reason: message }, "the new certificate cannot be used; the old one stays"),
    };
    this.redirect = options.redirectPort === null ? null : createRedirectServer(() => portOf(this.server));
  }

  /** The port on which plain HTTP is redirected; 0 for none. */
  get redirectPort(): number {
    return this.redirect === null ? 0 : portOf(this.redirect);
  }

  /** Rejects when the port of the redirect is taken. */
  async start(options: TlsOptions, host: string): Promise<void> {
    this.serving.watch(this.server, this.watch);
    const { redirect } = this;
    if (redirect === null) return;
    await new Promise<void>((resolve, reject) => {
      redirect.once("error", reject);
      redirect.listen({ port: options.redirectPort ?? 0, host }, () => {
        redirect.removeListener("error", reject);
        resolve();
      });
    });
  }

  /** Looks at the certificate's files now, rather than at the next turn. */
  look(): Promise<void> {
    return this.serving.look(this.server, this.watch);
  }

  stop(): void {
    this.serving.stop();
    this.redirect?.close();
    this.redirect?.closeAllConnections();
  }
}

function portOf(server: { address(): AddressInfo | string | null }): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}
