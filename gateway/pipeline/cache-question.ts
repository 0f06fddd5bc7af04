import { isUtf8 } from "node:buffer";
import type { CacheRule } from "#lib/contract/cache-rule.ts";
import { CacheBypass, cacheKeyText, cacheSubject, KEYED_HEADERS, KEYED_HTTP_HEADERS } from "#lib/policy/cache-key.ts";
import type { Call } from "./call.ts";
import { headerOf } from "./header-of.ts";
import { wantsJsonArray } from "./json-array.ts";

/** Larger bodies are not brought into one form: reading them twice costs more than most hits save. */
const SUBJECT_BYTES_MAX = 1_024 * 1_024;
/** With these a caller asks for less than the whole answer, or for one only if it has changed. */
const CONDITIONAL = ["range", "if-none-match", "if-modified-since", "if-match", "if-unmodified-since", "if-range"];

/** What a call asks of the cache. */
export interface CacheQuestion {
  /** The text that its key is made of. */
  readonly keyText: string;
  /** The caller's `Cache-Control`; null where none is sent. */
  readonly control: string | null;
}

function bodySubject(call: Call, rule: CacheRule): string | CacheBypass {
  const { body } = call;
  if (body === null) return new CacheBypass("the call has no body");
  if (body.length > SUBJECT_BYTES_MAX) return new CacheBypass(`the body is larger than ${SUBJECT_BYTES_MAX} bytes`);
  // Bytes that are no text would all read as the same replacement character.
  if (!isUtf8(body)) return new CacheBypass("the body is not UTF-8");
  return cacheSubject(call.action, rule, body.toString());
}

function httpSubject(call: Call): string | CacheBypass {
  const { http, request } = call;
  if (http === null) throw new Error("A REST call reached the cache without its path");
  if (request.method !== "GET" && request.method !== "HEAD") return new CacheBypass(`${request.method} is not cached`);
  if (call.body !== null && call.body.length > 0) return new CacheBypass("the call has a body");
  for (const name of CONDITIONAL) {
    if (headerOf(request.rawHeaders, name) !== null) return new CacheBypass(`the caller sends ${name}`);
  }
  return `${request.method} ${http.target}`;
}

/** What a call asks of its version's cache, or why it does not use it. Throws for a call that is not authorised yet. */
export function cacheQuestion(call: Call, rule: CacheRule): CacheQuestion | CacheBypass {
  const { consumer, version, route, request, directory, plan } = call;
  if (consumer === null || version === null || route === null || plan === null) {
    throw new Error("A call reached the cache unauthorised");
  }
  const isHttp = call.action === "http";
  const subject = isHttp ? httpSubject(call) : bodySubject(call, rule);
  if (subject instanceof CacheBypass) return subject;
  const keyed: readonly string[] = isHttp ? KEYED_HTTP_HEADERS : KEYED_HEADERS;
  const scopeId = rule.scope === "consumer" ? consumer.id : rule.scope === "team" ? consumer.teamId : "";
  const keyText = cacheKeyText({
    scope: rule.scope,
    scopeId,
    versionSeed: version.cacheSeed,
    purgeEpoch: directory.cachePurges.get(route.id) ?? "",
    action: call.action,
    stream: call.facts?.stream ?? false,
    details: [
      ...keyed.map((name) => headerOf(request.rawHeaders, name) ?? ""),
      call.facts?.model ?? "",
      // One stream in two forms is two answers.
      wantsJsonArray(call) ? "array" : "",
    ],
    subject,
  });
  return { keyText, control: headerOf(request.rawHeaders, "cache-control") };
}
