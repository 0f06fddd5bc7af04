/** What a caller's `Cache-Control` asks of the gateway's cache. */
export interface CallerCacheControl {
  /** `no-store`: neither read nor kept. */
  readonly noStore: boolean;
  /** `no-cache` or `max-age=0`: not read, but the new answer is kept. */
  readonly noCache: boolean;
  /** `max-age`: the oldest answer that is taken; infinity where none is named. */
  readonly maxAgeSeconds: number;
}

const ANY: CallerCacheControl = { noStore: false, noCache: false, maxAgeSeconds: Number.POSITIVE_INFINITY };
const SECONDS = /^\d{1,10}$/;

/** The directives of a `Cache-Control` value, lower-case, with their arguments; "" where one has none. */
function directivesOf(value: string): Map<string, string> {
  const directives = new Map<string, string>();
  for (const part of value.split(",")) {
    const equals = part.indexOf("=");
    const name = (equals === -1 ? part : part.slice(0, equals)).trim().toLowerCase();
    const argument = equals === -1 ? "" : part.slice(equals + 1).trim();
    if (name !== "") directives.set(name, argument.replace(/^"|"$/g, ""));
  }
  return directives;
}

/** Reads a caller's `Cache-Control` (RFC 9111 5.2.1). A `max-age` that is no number counts as 0: the careful reading. */
export function callerCacheControl(value: string | null): CallerCacheControl {
  if (value === null) return ANY;
  const directives = directivesOf(value);
  const maxAge = directives.get("max-age");
  const seconds = maxAge === undefined ? Number.POSITIVE_INFINITY : SECONDS.test(maxAge) ? Number(maxAge) : 0;
  return {
    noStore: directives.has("no-store"),
    noCache: directives.has("no-cache") || seconds === 0,
    maxAgeSeconds: seconds,
  };
}

/** What an upstream says of a REST answer: for how many seconds it may be kept at most; 0 for not at all. */
export function upstreamMaxAgeSeconds(value: string | undefined, isShared: boolean): number {
  if (value === undefined) return Number.POSITIVE_INFINITY;
  const directives = directivesOf(value);
  if (directives.has("no-store") || directives.has("no-cache")) return 0;
  if (isShared && directives.has("private")) return 0;
  const age = (isShared ? directives.get("s-maxage") : undefined) ?? directives.get("max-age");
  return age === undefined ? Number.POSITIVE_INFINITY : SECONDS.test(age) ? Number(age) : 0;
}

/** Whether an answer varies only by what is part of the key. */
export function variesByKeyOnly(vary: string | undefined, keyed: readonly string[]): boolean {
  if (vary === undefined) return true;
  return vary.split(",").every((name) => {
    const header = name.trim().toLowerCase();
    // `origin` never reaches an upstream.
    return header === "" || header === "origin" || keyed.includes(header);
  });
}
