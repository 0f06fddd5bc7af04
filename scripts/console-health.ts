import type { IncomingMessage, ServerResponse } from "node:http";
import pg from "pg";

const ANSWER_MAX_MS = 2_000;

/** Whether the database answers within two seconds; one question at a time, however many probes ask. */
export function createDatabaseProbe(databaseUrl: string): () => Promise<boolean> {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 1,
    connectionTimeoutMillis: ANSWER_MAX_MS,
    query_timeout: ANSWER_MAX_MS,
    allowExitOnIdle: true,
  });
  pool.on("error", () => {});
  let asking: Promise<boolean> | null = null;
  return () => {
    asking ??= pool
      .query("SELECT 1")
      .then(
        () => true,
        () => false,
      )
      .finally(() => {
        asking = null;
      });
    return asking;
  };
}

/**
 * Answers `/healthz` (the process runs) and `/readyz` (it reaches its database), which need no credential and tell nothing
 * else. Returns false for every other address.
 */
export function answersHealth(
  request: IncomingMessage,
  response: ServerResponse,
  reachesDatabase: () => Promise<boolean>,
): boolean {
  const path = (request.url ?? "").split("?", 1)[0];
  if (path !== "/healthz" && path !== "/readyz") return false;
  if (request.method !== "GET" && request.method !== "HEAD") {
    say(response, 405, "method not allowed\n");
  } else if (path === "/healthz") {
    say(response, 200, "ok\n");
  } else {
    void reachesDatabase().then((does) =>
      does ? say(response, 200, "ready\n") : say(response, 503, "the database does not answer\n"),
    );
  }
  return true;
}

function say(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    "content-type": "text/plain; charset=utf-8",
    "content-length": Buffer.byteLength(text),
    "cache-control": "no-store",
  });
  response.end(text);
}
