import type { Call } from "./call.ts";

/** The headers that every answer carries, as a flat list of names and values; what is known of the call so far. */
export function answerHeaders(call: Call, nowMs: number): string[] {
  const overheadMs = Math.max(0, nowMs - call.startedMs - call.waitedMs);
  const headers = [
    "x-request-id",
    call.id,
    "x-turnpike-revision",
    call.snapshot.label,
    "x-turnpike-attempts",
    String(call.attempts.length),
    "x-turnpike-cache",
    call.cache,
    "x-turnpike-overhead-ms",
    overheadMs.toFixed(2),
  ];
  if (call.version !== null) {
    headers.push("x-turnpike-route", call.version.label);
    for (const part of call.version.deprecationHeaders) headers.push(part);
  }
  const target = call.target ?? call.answeredBy;
  if (target !== null) headers.push("x-turnpike-upstream", encodeName(target.upstream.name));
  if (call.traceparent !== null) headers.push("traceparent", call.traceparent);
  for (const part of call.limitHeaders) headers.push(part);
  return headers;
}

const PLAIN = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/** Names are for people and may hold any character; a header may not. */
function encodeName(name: string): string {
  return PLAIN.test(name) ? name : encodeURIComponent(name);
}
