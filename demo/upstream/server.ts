import { createServer, type Server } from "node:http";
import { Faults } from "./faults.ts";
import { Ledger } from "./ledger.ts";
import { type ServedState, serveCall } from "./serve-call.ts";
import { serveControl } from "./serve-control.ts";

/** Longer than any gateway keeps an idle connection, so that it is the gateway that closes first. */
const KEEP_ALIVE_MS = 120_000;

/** Where to listen and where to keep the ledger. Port 0 takes a free one; without a path the ledger is in memory only. */
export interface DemoUpstreamOptions {
  port: number;
  host: string;
  /** JSONL file that entries are appended to. */
  ledgerPath?: string;
}

/** A running demo upstream. `close` cuts open connections, settles their entries and resolves when the port is free. */
export interface DemoUpstream {
  url: string;
  ledger: Ledger;
  faults: Faults;
  close: () => Promise<void>;
}

function createDemoServer(state: ServedState): Server {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    const serve = request.url?.startsWith("/__") ? serveControl : serveCall;
    // Both catch what can go wrong in a call; what is left is a broken connection, and only that one ends.
    serve(request, response, state).catch(() => response.destroy());
  });
  server.on("clientError", (_, socket) => socket.destroy());
  return server;
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.removeListener("error", reject);
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

async function closeServer(server: Server, ledger: Ledger): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
  // The cut connections report to their exchanges in the turn after the server has closed.
  await new Promise((resolve) => setImmediate(resolve));
  ledger.close();
}

/** Starts a demo upstream; rejects when the port is taken or the ledger file cannot be opened. */
export async function startDemoUpstream(options: DemoUpstreamOptions): Promise<DemoUpstream> {
  const ledger = new Ledger(options.ledgerPath);
  const faults = new Faults();
  const server = createDemoServer({ ledger, faults });
  const port = await listen(server, options.port, options.host);
  const host = options.host.includes(":") ? `[${options.host}]` : options.host;
  return { url: `http://${host}:${port}`, ledger, faults, close: () => closeServer(server, ledger) };
}
