import type { Method } from "./endpoint.ts";
import { HttpError } from "./http-error.ts";

export const BODY_BYTES_MAX = 1024 * 1024;
const READ_MS_MAX = 30_000;

const MEDIA_TYPES: Partial<Record<Method, readonly string[]>> = {
  POST: ["application/json"],
  PATCH: ["application/json", "application/merge-patch+json"],
};

/** Reads a request's body as text; "" when there is none. Throws 408, 413, 415, and 400 for what is not UTF-8. */
export async function readBody(request: Request, method: Method): Promise<string> {
  const allowed = MEDIA_TYPES[method];
  if (!allowed) return "";
  const bytes = await readBounded(request);
  if (bytes.length === 0) return "";
  requireMediaType(request.headers.get("content-type"), allowed);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new HttpError("invalid_json", "The body is not UTF-8.");
  }
}

function requireMediaType(sent: string | null, allowed: readonly string[]): void {
  const [type, ...parameters] = (sent ?? "")
    .toLowerCase()
    .split(";")
    .map((part) => part.trim());
  const isUtf8 = parameters.every(
    (parameter) => !parameter.startsWith("charset=") || /^charset="?utf-8"?$/.test(parameter),
  );
  if (type === undefined || !allowed.includes(type) || !isUtf8)
    throw new HttpError("unsupported_media_type", `Send the body as ${allowed.join(" or ")} in UTF-8.`, {
      "accept-post": allowed.join(", "),
    });
}

async function readBounded(request: Request): Promise<Uint8Array> {
  if (Number(request.headers.get("content-length") ?? 0) > BODY_BYTES_MAX) throw tooLarge();
  if (!request.body) return new Uint8Array();
  const reader = request.body.getReader();
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new HttpError("request_timeout", "The body did not arrive in time.")),
    READ_MS_MAX,
  );
  try {
    return await Promise.race([collect(reader), late]);
  } finally {
    clearTimeout(timer);
    reader.cancel().catch(() => {});
  }
}

async function collect(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.length;
    if (size > BODY_BYTES_MAX) throw tooLarge();
    chunks.push(part.value);
  }
  return Buffer.concat(chunks);
}

function tooLarge(): HttpError {
  return new HttpError("request_too_large", `A body may have at most ${BODY_BYTES_MAX} bytes.`);
}
