// The path of one call: credential, body, model, fault, handler. Every way out settles the ledger entry.
import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { credentialFingerprint, credentialOf, LIMITED_KEY, REVOKED_KEY } from "./credential.ts";
import { Exchange } from "./exchange.ts";
import { type FaultEffect, type Faults, NO_FAULT, readEffect } from "./faults.ts";
import { InvalidRequest, type ReceivedBody, type Route } from "./handler.ts";
import { isObject, type JsonObject, parseJson } from "./json.ts";
import type { Ledger, LedgerEntry } from "./ledger.ts";
import { readBody } from "./read-body.ts";
import { dialectOfPath, findRoute } from "./routes.ts";

const LIMITED_RETRY_SECONDS = 2;
const MODEL_CHARS_MAX = 200;

/** What calls of one server share. */
export interface ServedState {
  ledger: Ledger;
  faults: Faults;
}

const processPart = randomBytes(4).toString("hex");
let lastCall = 0;

function textHeader(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return typeof value === "string" ? value : null;
}

function openEntry(request: IncomingMessage, path: string, credential: string, ledger: Ledger): LedgerEntry {
  const startedMs = Date.now();
  lastCall += 1;
  return {
    sequence: 0,
    id: `req_${processPart}${lastCall.toString(36).padStart(8, "0")}`,
    at: new Date(startedMs).toISOString(),
    dialect: dialectOfPath(path),
    method: request.method ?? "",
    path,
    model: null,
    stream: false,
    headerNames: ledger.headerNames(request.headers),
    traceparent: textHeader(request, "traceparent"),
    requestId: textHeader(request, "x-request-id"),
    credentialSha256: credential === "" ? null : credentialFingerprint(credential),
    inputTokens: 0,
    outputTokens: 0,
    cachedTokens: 0,
    status: 0,
    finished: "complete",
    faulted: false,
    bytesIn: 0,
    startedMs,
    endedMs: startedMs,
  };
}

/** Refuses what needs no body to be refused; true when the call is over. */
function refuseByCredential(exchange: Exchange, credential: string): boolean {
  if (credential === "") exchange.fail(401, "invalid_api_key", "You did not provide an API key.");
  else if (credential === REVOKED_KEY) exchange.fail(401, "invalid_api_key", "This API key has been revoked.");
  else if (credential === LIMITED_KEY) {
    const retryAfter = LIMITED_RETRY_SECONDS;
    exchange.fail(429, "rate_limit_exceeded", "Rate limit reached for this API key.", { retryAfter });
  } else return false;
  return true;
}

function readJsonBody(bytes: Buffer, contentType: string, route: Route): JsonObject {
  const isForm = contentType.startsWith("multipart/form-data");
  if (route.body !== "json" || isForm) return {};
  const json = parseJson(bytes.toString("utf8"));
  if (!isObject(json)) throw new InvalidRequest("We could not parse the JSON body of your request.", "invalid_json");
  return json;
}

function effectOf(exchange: Exchange, faults: Faults): FaultEffect {
  const { model, dialect } = exchange.entry;
  const resolved = faults.resolve(model ?? "", dialect);
  const header = exchange.request.headers["x-demo-fault"];
  if (typeof header !== "string") return resolved;
  const asked = readEffect(parseJson(header));
  if (typeof asked === "string") throw new InvalidRequest(`x-demo-fault: ${asked}`);
  return resolved === NO_FAULT ? asked : { ...resolved, ...asked };
}

function noteModel(entry: LedgerEntry, route: Route, json: JsonObject): void {
  const model = route.model ?? json.model;
  if (typeof model === "string") entry.model = model.slice(0, MODEL_CHARS_MAX);
  else if (route.needsModel)
    throw new InvalidRequest("You must provide a model parameter.", "missing_required_parameter");
  entry.stream = route.isStream ?? json.stream === true;
}

async function dispatch(exchange: Exchange, path: string, credential: string, faults: Faults): Promise<void> {
  const { entry, request } = exchange;
  const route = findRoute(path);
  if (route === undefined) return exchange.fail(404, "not_found", `Unknown path: ${path}`);
  entry.dialect = route.dialect;
  if (route.method !== "ANY" && route.method !== request.method) {
    return exchange.fail(405, "method_not_allowed", `Not allowed on ${path}: ${request.method ?? ""}`);
  }
  const bytes = route.body === "none" ? Buffer.alloc(0) : await readBody(request);
  if (bytes === "gone") return exchange.cancel();
  if (bytes === "too_large") return exchange.fail(413, "request_too_large", "The body is larger than 64 MiB.");
  entry.bytesIn = bytes.length;
  const contentType = request.headers["content-type"] ?? "";
  const received: ReceivedBody = { json: readJsonBody(bytes, contentType, route), bytes, contentType };
  noteModel(entry, route, received.json);
  exchange.effect = effectOf(exchange, faults);
  const { status, echoCredential } = exchange.effect;
  if (status !== undefined || echoCredential === true) return exchange.failByFault(credential);
  return route.handler(exchange, received);
}

/** Serves one call to the end. Never rejects: an unexpected error becomes a 500 in the dialect. */
export async function serveCall(request: IncomingMessage, response: ServerResponse, state: ServedState): Promise<void> {
  const url = request.url ?? "/";
  const query = url.indexOf("?");
  const path = query < 0 ? url : url.slice(0, query);
  const credential = credentialOf(request.headers);
  const exchange = new Exchange(request, response, openEntry(request, path, credential, state.ledger), state.ledger);
  try {
    if (refuseByCredential(exchange, credential)) return;
    await dispatch(exchange, path, credential, state.faults);
  } catch (error) {
    if (error instanceof InvalidRequest) return exchange.fail(400, error.code, error.message);
    exchange.fail(500, "internal_error", "The demo upstream failed unexpectedly.");
  }
}
