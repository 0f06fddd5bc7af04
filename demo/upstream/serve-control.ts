// The control endpoints under /__: only for whoever stands next to the server, never for a caller behind a gateway.
import type { IncomingMessage, ServerResponse } from "node:http";
import { credentialOf } from "./credential.ts";
import { type Json, parseJson } from "./json.ts";
import { PAGE_MAX } from "./ledger.ts";
import { readBody } from "./read-body.ts";
import type { ServedState } from "./serve-call.ts";

const RULES_BYTES_MAX = 1024 * 1024;
const PAGE_DEFAULT = 1_000;

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(::1$|(::ffff:)?127\.)/.test(address);
}

/** A gateway connects from loopback too, but with a credential; a web page sends an origin. */
function isAllowed(request: IncomingMessage): boolean {
  const { headers } = request;
  const isDirect =
    headers.origin === undefined && headers.forwarded === undefined && headers["x-forwarded-for"] === undefined;
  return isLoopback(request.socket.remoteAddress) && isDirect && credentialOf(headers) === "";
}

function send(response: ServerResponse, status: number, value: object): void {
  const text = JSON.stringify(value);
  response
    .writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) })
    .end(text);
}

function queryCount(query: URLSearchParams, name: string, fallback: number): number | undefined {
  const text = query.get(name);
  if (text === null) return fallback;
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function sendPage(response: ServerResponse, query: URLSearchParams, { ledger }: ServedState): void {
  const after = queryCount(query, "after", 0);
  const limit = queryCount(query, "limit", PAGE_DEFAULT);
  if (after === undefined || limit === undefined || limit < 1) {
    send(response, 400, { error: `'after' and 'limit' are whole numbers; 'limit' is at most ${PAGE_MAX}` });
  } else send(response, 200, ledger.page(after, limit));
}

async function setFaults(request: IncomingMessage, response: ServerResponse, { faults }: ServedState): Promise<void> {
  const bytes = await readBody(request, RULES_BYTES_MAX);
  if (bytes === "gone") return;
  if (bytes === "too_large") return send(response, 413, { error: "The rules are larger than 1 MiB" });
  const rules: Json | undefined = parseJson(bytes.toString("utf8"));
  const problem = rules === undefined ? "the body is not JSON" : faults.set(rules);
  if (problem !== undefined) return send(response, 422, { error: problem });
  send(response, 200, { rules: faults.list() });
}

/** Serves `/__ledger`, `/__ledger/totals` and `/__faults`. */
export async function serveControl(
  request: IncomingMessage,
  response: ServerResponse,
  state: ServedState,
): Promise<void> {
  if (!isAllowed(request)) return send(response, 403, { error: "Control endpoints answer direct local requests only" });
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
  switch (`${request.method} ${pathname}`) {
    case "GET /__ledger":
      return sendPage(response, searchParams, state);
    case "GET /__ledger/totals":
      return send(response, 200, state.ledger.totals());
    case "DELETE /__ledger":
      state.ledger.clear();
      return send(response, 200, { cleared: true });
    case "POST /__faults":
      return setFaults(request, response, state);
    case "GET /__faults":
      return send(response, 200, { rules: state.faults.list() });
    case "DELETE /__faults":
      state.faults.clear();
      return send(response, 200, { rules: [] });
    default:
      return send(response, 404, { error: "Unknown control endpoint" });
  }
}
