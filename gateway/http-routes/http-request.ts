import type { Call } from "#gateway/pipeline/call.ts";
import { addCallerHeaders } from "#gateway/pipeline/header-rules.ts";
import type { CompiledTarget } from "#gateway/snapshot/snapshot.ts";

/** A REST call as it is sent to one target, without the credential's headers. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly contentType: string;
  readonly headers: string[];
  readonly body: Buffer;
}

/** What says how the body is to be read, and how the caller can read the answer: it goes on as it came. */
const OF_THE_BODY: ReadonlySet<string> = new Set(["content-type", "content-encoding", "accept-encoding"]);

/** The name under which the upstream wants its credential, where that is not `Authorization`. */
function credentialName({ upstream }: CompiledTarget): string | null {
  const { credentialIn, credentialName: name } = upstream.options;
  if (credentialIn === "header") return (name ?? "x-api-key").toLowerCase();
  return credentialIn === "query" ? (name ?? "key") : null;
}

function headersOf(call: Call, target: CompiledTarget): string[] {
  const { rawHeaders } = call.request;
  const all: string[] = [];
  for (let place = 0; place + 1 < rawHeaders.length; place += 2) {
    const name = (rawHeaders[place] ?? "").toLowerCase();
    if (OF_THE_BODY.has(name)) all.push(name, rawHeaders[place + 1] ?? "");
  }
  addCallerHeaders(all, rawHeaders, false);
  const rule = call.version?.http?.request;
  const own = credentialName(target);
  const headers = ["x-request-id", call.id];
  if (call.traceparent !== null) headers.push("traceparent", call.traceparent);
  for (let place = 0; place + 1 < all.length; place += 2) {
    const name = all[place] ?? "";
    // The upstream may read "_" and "-" alike.
    const read = name.replaceAll("_", "-");
    if (rule?.dropped.has(name) || rule?.dropped.has(read) || name === own || read === own) continue;
    headers.push(name, all[place + 1] ?? "");
  }
  for (const part of rule?.added ?? []) headers.push(part);
  return headers;
}

/** The target's path with the credential in its query, in the place of whatever the caller sent under its name. */
function withCredential(path: string, name: string, secret: string): string {
  const question = path.indexOf("?");
  const query = question === -1 ? "" : path.slice(question + 1);
  const wanted = encodeURIComponent(name);
  const kept = query.split("&").filter((pair) => pair !== "" && !isNamed(pair, wanted, name));
  const bare = question === -1 ? path : path.slice(0, question);
  return `${bare}?${[...kept, `${wanted}=${encodeURIComponent(secret)}`].join("&")}`;
}

function isNamed(pair: string, encoded: string, name: string): boolean {
  const equals = pair.indexOf("=");
  const written = equals === -1 ? pair : pair.slice(0, equals);
  if (written === encoded) return true;
  try {
    return decodeURIComponent(written.replaceAll("+", " ")) === name;
  } catch {
    // Whoever can read it may read it as the credential's name.
    return true;
  }
}

/** Makes the request for a target. Throws for a call that no stage has admitted. */
export function httpRequest(call: Call, target: CompiledTarget, secret: string | null): HttpRequest {
  const { http, body, request } = call;
  const endpoint = target.endpoints.http;
  if (http === null || body === null || endpoint === undefined)
    throw new Error("A REST call reached forward unprepared");
  const path = endpoint.path + http.target;
  const name = target.upstream.options.credentialIn === "query" ? credentialName(target) : null;
  return {
    method: request.method,
    path: name === null || secret === null ? path : withCredential(path, name, secret),
    contentType: "",
    headers: headersOf(call, target),
    body,
  };
}
