import type { UpstreamRequest } from "./sink.ts";

/**
 * Up to here head and body are put together as text, which Node writes from its stack; a longer body is handed to the
 * kernel beside its head, uncopied.
 */
const TOGETHER_BYTES_MAX = 12 * 1_024;

const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
/** Methods whose request says that it has no body, because one is expected. */
const BODY_EXPECTED: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH"]);
/** Fields that say where a message ends or belong to one connection: the client writes them itself. */
const OWN_FIELDS: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

const NOT_IN_PATH = /[^\x21-\x7e]/;
const NOT_IN_NAME = /[^!#$%&'*+\-.^_`|~0-9A-Za-z]/;
const NOT_IN_VALUE = /[^\t\x20-\x7e\x80-\xff]/;

/** The bytes of a request: its head alone where the body is long, with the body otherwise. */
export interface RequestBytes {
  /** In Latin-1: a character for each byte. */
  readonly first: string;
  /** The body, where it was not put behind the head. */
  readonly rest: Buffer | null;
}

/**
 * Writes a request in HTTP/1.1. Throws `TypeError` for anything that could make another request of it: line breaks and
 * other control characters, characters beyond Latin-1, fields that are the client's own. Hot path.
 */
export function requestBytes(request: UpstreamRequest, authority: string): RequestBytes {
  const { method = "POST", path, body, headers } = request;
  if (!METHODS.has(method)) throw new TypeError("A request's method is not one that is sent on");
  if (path[0] !== "/" || NOT_IN_PATH.test(path)) throw new TypeError("A request's path holds what no path may");
  let head = `${method} ${path} HTTP/1.1\r\nhost: ${authority}\r\nconnection: keep-alive\r\n`;
  for (let place = 0; place + 1 < headers.length; place += 2) {
    const name = headers[place] ?? "";
    const value = headers[place + 1] ?? "";
    if (name === "" || NOT_IN_NAME.test(name) || NOT_IN_VALUE.test(value) || OWN_FIELDS.has(name.toLowerCase())) {
      throw new TypeError("A request's header is not one that may be sent");
    }
    head += `${name}: ${value}\r\n`;
  }
  head += body.length > 0 || BODY_EXPECTED.has(method) ? `content-length: ${body.length}\r\n\r\n` : "\r\n";
  return body.length <= TOGETHER_BYTES_MAX
    ? { first: head + body.toString("latin1"), rest: null }
    : { first: head, rest: body };
}
