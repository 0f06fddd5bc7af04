/** Why a path or query is refused, in words for the caller. */
export class PathProblem {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

/** Bytes that a path and a query may hold as they are: RFC 3986 without what it wants encoded. */
const PATH = /^[A-Za-z0-9._~!$&'()*+,;=:@%/-]*$/;
const QUERY = /^[A-Za-z0-9._~!$&'()*+,;=:@%/?[\]{}|^`"<>\\-]*$/;
const ENCODED = /%([0-9A-Fa-f]{2})/g;
const BROKEN_ENCODING = /%(?![0-9A-Fa-f]{2})/;
/** Encoded twice: an upstream that decodes once more than it should would see another path. */
const ENCODED_TWICE = /%25[0-9A-Fa-f]{2}/;
const SEGMENTS_MAX = 200;

function isUnreserved(code: number): boolean {
  const isLetter = (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
  return isLetter || (code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x5f || code === 0x7e;
}

/** Encoded slash, backslash, dot, and control characters. */
function isForbiddenEncoded(code: number): boolean {
  return code === 0x2f || code === 0x5c || code === 0x2e || code < 0x20 || code === 0x7f;
}

/** Letters, digits, `-`, `_` and `~` are written plainly and every other encoding in capitals: one way for each path. */
function normaliseEncoding(path: string): string | null {
  let isForbidden = false;
  const text = path.replace(ENCODED, (_whole, hex: string) => {
    const code = Number.parseInt(hex, 16);
    if (isForbiddenEncoded(code)) isForbidden = true;
    return isUnreserved(code) ? String.fromCharCode(code) : `%${hex.toUpperCase()}`;
  });
  return isForbidden ? null : text;
}

/** `..;x` is a dot segment to servers that know path parameters. */
function isDotSegment(segment: string): boolean {
  const semicolon = segment.indexOf(";");
  const name = semicolon === -1 ? segment : segment.slice(0, semicolon);
  return name === "." || name === ".." || (name === "" && semicolon !== -1);
}

/**
 * Brings a caller's path into the one form that templates are matched on and that the upstream gets: segments between
 * slashes, the last one empty where the path ends in a slash. Refused is whatever two servers could read differently: dot
 * segments, empty segments, encoded slashes and dots, double and broken encodings, control characters, backslashes.
 */
export function pathSegments(path: string): string[] | PathProblem {
  if (!path.startsWith("/")) return new PathProblem('The path must start with "/".');
  if (!PATH.test(path)) return new PathProblem("The path holds a character that must be percent-encoded.");
  if (BROKEN_ENCODING.test(path)) return new PathProblem("The path has a broken percent-encoding.");
  if (ENCODED_TWICE.test(path)) return new PathProblem("The path is percent-encoded twice.");
  const normal = normaliseEncoding(path);
  if (normal === null) return new PathProblem("The path encodes a slash, a dot, a backslash or a control character.");
  const segments = normal.slice(1).split("/");
  if (segments.length > SEGMENTS_MAX) return new PathProblem(`The path has more than ${SEGMENTS_MAX} segments.`);
  for (let place = 0; place < segments.length; place++) {
    const segment = segments[place] ?? "";
    if (segment === "" && place < segments.length - 1) return new PathProblem("The path has an empty segment.");
    if (isDotSegment(segment)) return new PathProblem('The path has a segment "." or "..".');
  }
  return segments;
}

/** A path template, taken apart once. */
export interface PathTemplate {
  /** As it is written, for decisions. */
  readonly text: string;
  /** Plain segments as they are; null for a parameter. */
  readonly segments: readonly (string | null)[];
  /** Names of the parameters, by place; null for a plain segment. */
  readonly names: readonly (string | null)[];
  /** Whether any further segments may follow: `**`. */
  readonly hasRest: boolean;
}

export function compileTemplate(text: string): PathTemplate {
  const segments = text.slice(1).split("/");
  const hasRest = segments.at(-1) === "**";
  if (hasRest) segments.pop();
  const isParameter = (segment: string): boolean => segment.startsWith("{");
  return {
    text,
    segments: segments.map((segment) => (isParameter(segment) ? null : segment)),
    names: segments.map((segment) => (isParameter(segment) ? segment : null)),
    hasRest,
  };
}

/** Whether a path, as its segments, is one that the template describes. A parameter is never empty. */
export function matchesTemplate({ segments, hasRest }: PathTemplate, path: readonly string[]): boolean {
  if (hasRest ? path.length < segments.length : path.length !== segments.length) return false;
  for (let place = 0; place < segments.length; place++) {
    const wanted = segments[place];
    const given = path[place];
    if (wanted === null ? given === "" : given !== wanted) return false;
  }
  return true;
}

/** How a path is changed on its way to the upstream. */
export interface PathRewrite {
  readonly stripped: readonly string[];
  readonly rewritten: PathTemplate | null;
}

export function compileRewrite(stripPrefix: string | undefined, rewritePath: string | undefined): PathRewrite {
  const stripped = (stripPrefix ?? "").split("/").filter((segment) => segment !== "");
  return { stripped, rewritten: rewritePath === undefined ? null : compileTemplate(rewritePath) };
}

function rewriteTo(to: PathTemplate, from: PathTemplate, path: readonly string[]): string[] {
  const out = to.segments.map((plain, place) => {
    if (plain !== null) return plain;
    const source = from.names.indexOf(to.names[place] ?? "");
    return path[source] ?? "";
  });
  return to.hasRest ? [...out, ...path.slice(from.segments.length)] : out;
}

/** The path for the upstream, from `/` on. */
export function rewritePath(rewrite: PathRewrite, matched: PathTemplate, path: readonly string[]): string {
  if (rewrite.rewritten !== null) return `/${rewriteTo(rewrite.rewritten, matched, path).join("/")}`;
  const { stripped } = rewrite;
  const isBelow = stripped.every((segment, place) => segment === path[place]);
  return `/${(isBelow ? path.slice(stripped.length) : path).join("/")}`;
}

/** What is done to a query, by names as they are after decoding. */
export interface QueryChange {
  readonly dropped: ReadonlySet<string>;
  /** What is added: ready, with `&` between; "" for nothing. */
  readonly added: string;
}

export function compileQuery(set: Readonly<Record<string, string>>, remove: readonly string[]): QueryChange {
  const pairs = Object.entries(set);
  return {
    dropped: new Set([...remove, ...pairs.map(([name]) => name)]),
    added: pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&"),
  };
}

function decodeName(pair: string): string | null {
  const equals = pair.indexOf("=");
  const name = equals === -1 ? pair : pair.slice(0, equals);
  if (!name.includes("%") && !name.includes("+")) return name;
  try {
    return decodeURIComponent(name.replaceAll("+", " "));
  } catch {
    return null;
  }
}

/**
 * The query for the upstream, without `?`: what is not dropped stays byte by byte and in its order. Names are compared as
 * they read, so that writing one differently does not get it past the rule.
 */
export function rewriteQuery(query: string, { dropped, added }: QueryChange): string | PathProblem {
  if (!QUERY.test(query)) return new PathProblem("The query holds a character that must be percent-encoded.");
  if (BROKEN_ENCODING.test(query)) return new PathProblem("The query has a broken percent-encoding.");
  if (dropped.size === 0) return query;
  const kept: string[] = [];
  for (const pair of query.split("&")) {
    if (pair === "") continue;
    const name = decodeName(pair);
    if (name === null) return new PathProblem("The query has a name that is not UTF-8.");
    if (!dropped.has(name)) kept.push(pair);
  }
  if (added !== "") kept.push(added);
  return kept.join("&");
}
