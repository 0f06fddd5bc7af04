import { isWellFormedApiKey, secretHash } from "#lib/contract/api-key-format.ts";
import type { Call } from "../call.ts";
import { ALLOW, Denial, type StageResult } from "../denial.ts";
import type { PipelineParts, Stage } from "../parts.ts";

const BEARER = /^Bearer +([^\s]+)$/i;
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

const NO_KEY = new Denial(
  "invalid_api_key",
  "No API key was given. Send it as `Authorization: Bearer tp_…`, `x-api-key`, `api-key` or `x-goog-api-key`.",
  { rule: "no API key" },
);
const TWO_KEYS = new Denial("invalid_api_key", "Two different API keys were given. Send one.", {
  rule: "two API keys",
});
const BAD_KEY = new Denial("invalid_api_key", "This API key is not valid.", { rule: "unknown API key" });
const BEHIND = new Denial("revision_behind", "This gateway is still learning who may call. Try again.", {
  rule: "directory incomplete",
  headers: ["retry-after", "1", "retry-after-ms", "1000"],
});

/** What stands in a header that may carry a key; undefined for every other header, null for a credential that is no key. */
function keyIn(name: string, value: string): string | null | undefined {
  switch (name.length) {
    case 7:
      return name.toLowerCase() === "api-key" ? value : undefined;
    case 9:
      return name.toLowerCase() === "x-api-key" ? value : undefined;
    case 13:
      return name.toLowerCase() === "authorization" ? (BEARER.exec(value)?.[1] ?? null) : undefined;
    case 14:
      return name.toLowerCase() === "x-goog-api-key" ? value : undefined;
    default:
      return undefined;
  }
}

/** Remembers the few other headers that are needed later, so that the list is walked once. */
function takeNote(call: Call, name: string, value: string): void {
  if (name.length === 10 && name.toLowerCase() === "user-agent") call.userAgent = value;
  else if (name.length === 11 && name.toLowerCase() === "traceparent") {
    if (TRACEPARENT.test(value)) call.traceparent = value;
  } else if (name.length === 13 && name.toLowerCase() === "x-api-version") call.versionHeader = value;
}

function findKey(call: Call): string | Denial {
  const { rawHeaders } = call.request;
  let found: string | null = null;
  let isBad = false;
  for (let place = 0; place + 1 < rawHeaders.length; place += 2) {
    const name = rawHeaders[place] ?? "";
    const value = rawHeaders[place + 1] ?? "";
    const key = keyIn(name, value);
    takeNote(call, name, value);
    if (key === undefined) continue;
    if (key === null) isBad = true;
    else if (found === null) found = key;
    else if (found !== key) return TWO_KEYS;
  }
  if (found === null) return isBad ? BAD_KEY : NO_KEY;
  return isBad ? TWO_KEYS : found;
}

/** Who calls: an API key in one of four headers, looked up by its hash in the directory. */
export const identify: Stage = {
  name: "identify",
  isNeeded: () => true,
  hasOwnDeadline: false,
  run(call: Call, parts: PipelineParts): StageResult {
    const secret = findKey(call);
    if (typeof secret !== "string") return secret;
    if (!isWellFormedApiKey(secret)) return BAD_KEY;
    const apiKey = call.directory.keys.withHash(secretHash(secret));
    if (apiKey === undefined) return parts.directory.isComplete ? BAD_KEY : BEHIND;
    const consumer = call.directory.consumers.get(apiKey.consumerId);
    if (consumer === undefined) return BAD_KEY;
    call.apiKey = apiKey;
    call.consumer = consumer;
    if (apiKey.expiresAtMs <= parts.nowMs()) {
      return new Denial("key_expired", "This API key has expired.", { rule: `key ${apiKey.id} expired` });
    }
    call.allow("identify", `key ${apiKey.id} belongs to consumer ${consumer.id}`);
    return ALLOW;
  },
};
