import type { IncomingMessage } from "node:http";

/** Bodies larger than this are refused with 413. */
const BODY_BYTES_MAX = 64 * 1024 * 1024;

/**
 * Reads a request body. Resolves with the bytes, with "too_large" as soon as the limit is passed, or with "gone" when the
 * client left before the end. Never rejects.
 */
export function readBody(request: IncomingMessage, bytesMax = BODY_BYTES_MAX): Promise<Buffer | "too_large" | "gone"> {
  return new Promise((resolve) => {
    if (Number(request.headers["content-length"] ?? 0) > bytesMax) return resolve("too_large");
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= bytesMax) chunks.push(chunk);
      else resolve("too_large");
    });
    request.once("end", () => {
      const [only] = chunks;
      resolve(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, Math.min(bytes, bytesMax)));
    });
    request.once("error", () => resolve("gone"));
    request.once("close", () => resolve("gone"));
  });
}
