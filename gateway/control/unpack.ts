import { z } from "zod";
import type { DirectoryMessage } from "#gateway/snapshot/directory.ts";
import { sha256Hex } from "#lib/contract/canonical.ts";
import { DirectoryChange } from "#lib/contract/directory.ts";
import type { PackedRevision, SignedRevision, StreamMessage } from "#lib/contract/node-protocol.ts";
import { unpackText } from "#lib/contract/packed-text.ts";

const DOCUMENT_BYTES_MAX = 128 * 1_024 * 1_024;
const CHUNK_BYTES_MAX = 64 * 1_024 * 1_024;

const Changes = z.array(DirectoryChange);

/**
 * The revision in a packed one. Null when it is only what differs from a text that is not here, or does not come out to
 * the hash that was signed: then the whole is to be asked for. One that came whole is judged where every revision is.
 */
export async function unpackRevision(
  { header, signature, base, zstd }: PackedRevision,
  textOf: (number: number, sha256: string) => Promise<string | null>,
): Promise<SignedRevision | null> {
  const dictionary = base === null ? null : await textOf(base.number, base.sha256);
  if (base !== null && dictionary === null) return null;
  try {
    const document = await unpackText(zstd, dictionary, DOCUMENT_BYTES_MAX);
    if (base !== null && sha256Hex(document) !== header.sha256) return null;
    return { encoding: "full", header, signature, document };
  } catch {
    // What is not zstd has no document, and so no document's hash.
    return base === null ? { encoding: "full", header, signature, document: "" } : null;
  }
}

/** The changes in a packed chunk of the directory. Throws for what is none. */
export async function unpackDirectory(
  message: Extract<StreamMessage, { kind: "packedDirectory" }>,
): Promise<DirectoryMessage> {
  const { reset, cursor, head, zstd } = message;
  const text = await unpackText(zstd, null, CHUNK_BYTES_MAX);
  return { reset, cursor, head, changes: Changes.parse(JSON.parse(text)) };
}
