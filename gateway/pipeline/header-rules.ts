import type { IncomingHttpHeaders } from "node:http";

/** Names whose verdict is remembered; a caller who invents more pays for the look-up himself. */
const REMEMBERED_MAX = 1_000;

/** RFC 9110 7.6.1 and its relatives: they belong to one connection. */
const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-authentication-info",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "http2-settings",
];

const NOT_UPSTREAM = new Set([
  ...HOP_BY_HOP,
  "host",
  "content-length",
  "content-type",
  "content-encoding",
  "content-md5",
  "digest",
  "accept-encoding",
  "expect",
  "authorization",
  "api-key",
  "cookie",
  "cookie2",
  "origin",
  "referer",
  "forwarded",
  "via",
  "client-ip",
  "true-client-ip",
  "x-real-ip",
  "x-client-ip",
  "x-cluster-client-ip",
  "x-request-id",
  "x-correlation-id",
  "x-api-version",
  "x-amzn-trace-id",
  "x-original-url",
  "x-rewrite-url",
  "x-http-method-override",
  "x-http-method",
  "x-method-override",
  "x-original-uri",
  "x-original-host",
  "x-host",
  "x-forwarded",
  "openai-organization",
  "openai-project",
  "traceparent",
]);
const NOT_UPSTREAM_PREFIX = ["x-turnpike-", "x-forwarded-", "x-envoy-", "cf-", "sec-", "proxy-", "x-amz-", "x-goog-"];

const NOT_CALLER = new Set([
  ...HOP_BY_HOP,
  "content-length",
  "set-cookie",
  "set-cookie2",
  "authorization",
  "www-authenticate",
  "authentication-info",
  "server",
  "server-timing",
  "via",
  "date",
  "x-powered-by",
  "alt-svc",
  "nel",
  "report-to",
  "strict-transport-security",
  "x-request-id",
  "openai-organization",
  "openai-project",
  "retry-after",
  "retry-after-ms",
  "ratelimit",
  "ratelimit-policy",
  "traceparent",
  "deprecation",
  "sunset",
]);
const NOT_CALLER_PREFIX = ["x-turnpike-", "x-ratelimit-", "ratelimit-", "cf-", "x-envoy-", "access-control-", "proxy-"];

/** What a header's value may not hold on the way out: Node refuses to send it. */
const UNSENDABLE = /[^\t\x20-\x7e\x80-\xff]/;

/** Anything that sounds like a secret is one. */
const SECRET = /api-?key|token|secret|password|credential|authorization|session|cookie/;

class HeaderRule {
  private readonly names: ReadonlySet<string>;
  private readonly prefixes: readonly string[];
  private readonly verdicts = new Map<string, boolean>();

  constructor(names: ReadonlySet<string>, prefixes: readonly string[]) {
    this.names = names;
    this.prefixes = prefixes;
  }

  /** Whether a header of this lower-case name may pass. */
  passes(name: string): boolean {
    const known = this.verdicts.get(name);
    if (known !== undefined) return known;
    // Servers that hand headers to a program as variables read "_" and "-" alike.
    const read = name.replaceAll("_", "-");
    const verdict =
      !this.names.has(read) && !this.prefixes.some((prefix) => read.startsWith(prefix)) && !SECRET.test(read);
    if (this.verdicts.size < REMEMBERED_MAX) this.verdicts.set(name, verdict);
    return verdict;
  }
}

const toUpstream = new HeaderRule(NOT_UPSTREAM, NOT_UPSTREAM_PREFIX);
const toCaller = new HeaderRule(NOT_CALLER, NOT_CALLER_PREFIX);

function namedByConnection(rawHeaders: readonly string[]): ReadonlySet<string> | null {
  let named: Set<string> | null = null;
  for (let place = 0; place + 1 < rawHeaders.length; place += 2) {
    const name = rawHeaders[place] ?? "";
    if (name.length !== 10 || name.toLowerCase() !== "connection") continue;
    const value = (rawHeaders[place + 1] ?? "").toLowerCase();
    if (value === "keep-alive" || value === "close") continue;
    named ??= new Set();
    for (const option of value.split(",")) named.add(option.trim());
  }
  return named;
}

/** Headers that speak to a vendor: they mean nothing, or something else, to another one. */
const DIALECT = /^(anthropic|openai|x-stainless|x-goog)-/;

/**
 * Adds those of the caller's headers that an upstream may see to a flat list; where the call is translated, without those
 * that belong to the caller's own dialect. Hot path.
 */
export function addCallerHeaders(into: string[], rawHeaders: readonly string[], isTranslated: boolean): void {
  const named = namedByConnection(rawHeaders);
  for (let place = 0; place + 1 < rawHeaders.length; place += 2) {
    const name = (rawHeaders[place] ?? "").toLowerCase();
    if (!toUpstream.passes(name) || named?.has(name) || (isTranslated && DIALECT.test(name))) continue;
    into.push(name, rawHeaders[place + 1] ?? "");
  }
}

/** Whether a text holds a secret, as it is or as an address is written. */
function holds(text: string, secret: string): boolean {
  return text.includes(secret) || (text.includes("%") && text.includes(encodeURIComponent(secret)));
}

/** Adds those of an upstream's headers that the caller may see, none of which holds the credential. Hot path. */
export function addUpstreamHeaders(into: string[], headers: IncomingHttpHeaders, secret: string | null): void {
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined || !toCaller.passes(name)) continue;
    const text = typeof value === "string" ? value : value.join(", ");
    if ((secret !== null && holds(text, secret)) || UNSENDABLE.test(text)) continue;
    into.push(name, text);
  }
}
