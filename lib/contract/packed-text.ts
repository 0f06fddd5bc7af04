import { promisify } from "node:util";
import { constants, zstdCompress, zstdDecompress } from "node:zlib";

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
const WINDOW_LOG_MIN = 10;
/** zstd's own limit for what it unpacks without being told to. */
const WINDOW_LOG_MAX = 27;
/** Each chunk is a round through the thread pool: the default of 16 KiB makes thousands of a large text. */
const CHUNK_BYTES = 256 * 1_024;

/**
 * Compresses a text with zstd, as base64. With a dictionary, an earlier text, what differs from it is nearly all that is
 * left (zstd's `--patch-from`). `level` 1 is fastest, 3 is zstd's default.
 */
export async function packText(text: string, dictionary: string | null, level: number): Promise<string> {
  const bytes = Buffer.from(text);
  const known = dictionary === null ? null : Buffer.from(dictionary);
  const reach = bytes.length + (known?.length ?? 0) + 1;
  const params = {
    [constants.ZSTD_c_compressionLevel]: level,
    [constants.ZSTD_c_windowLog]: Math.min(WINDOW_LOG_MAX, Math.max(WINDOW_LOG_MIN, Math.ceil(Math.log2(reach)))),
    ...(known === null ? {} : { [constants.ZSTD_c_enableLongDistanceMatching]: 1 }),
  };
  return (await compress(bytes, known === null ? { params } : { params, dictionary: known })).toString("base64");
}

/** Undoes `packText`. Rejects for what is not zstd, needs another dictionary, or has more than `bytesMax` bytes. */
export async function unpackText(zstd: string, dictionary: string | null, bytesMax: number): Promise<string> {
  const options = {
    chunkSize: CHUNK_BYTES,
    maxOutputLength: bytesMax,
    params: { [constants.ZSTD_d_windowLogMax]: WINDOW_LOG_MAX },
  };
  const bytes = await decompress(
    Buffer.from(zstd, "base64"),
    dictionary === null ? options : { ...options, dictionary: Buffer.from(dictionary) },
  );
  return bytes.toString();
}
