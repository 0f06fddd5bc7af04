import { LRUCache } from "lru-cache";
import { z } from "zod";
import { DirectoryChange } from "../../contract/directory.ts";
import type { StreamMessage } from "../../contract/node-protocol.ts";
import { packText } from "../../contract/packed-text.ts";
import type { Context } from "../context.ts";
import { inTransaction } from "../transaction.ts";

const CHUNK_ENTRIES = 2_000;
const KEPT_CHARS_MAX = 32 * 1024 * 1024;
/** Below this, packing saves nothing worth its while. */
const PACKED_CHARS_MIN = 4_096;
/** The fastest: chunks are made while a node waits. */
const ZSTD_LEVEL = 1;

const Changes = z.array(DirectoryChange);

export type DirectoryMessage = Extract<StreamMessage, { kind: "directory" | "packedDirectory" }>;

/** Where a node is in the directory, and how it wants to have it. */
export interface DirectoryWish {
  readonly directory: number;
  readonly isReset: boolean;
  readonly isPacked: boolean;
}

interface Chunk {
  /** A JSON array. */
  changes: string;
  cursor: number;
  /** The same, compressed; made when the first node asks for it. */
  zstd: Promise<string> | null;
  /** The message that was made last: streams that are at the same place get the same one. */
  last: DirectoryMessage | null;
}

/**
 * The directory's log in chunks, each read and packed once for all nodes that stand at the same place. What was read once
 * stays true to read from: an entry that changed since has a later sequence, and comes again.
 */
export class DirectoryChunks {
  readonly #ctx: Context;
  readonly #kept = new LRUCache<string, Chunk>({
    maxSize: KEPT_CHARS_MAX,
    sizeCalculation: ({ changes }) => changes.length,
  });
  readonly #underWay = new Map<string, Promise<Chunk>>();

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /** The next message for a node that is behind `head`. Rejects when the database is away. */
  async next(epoch: number, head: number, wish: DirectoryWish): Promise<DirectoryMessage> {
    const chunk = await this.#chunk(`${epoch} ${wish.directory}`, wish.directory);
    const isPacked = wish.isPacked && chunk.changes.length >= PACKED_CHARS_MIN;
    const kind = isPacked ? "packedDirectory" : "directory";
    const { last } = chunk;
    if (last !== null && last.kind === kind && last.head === head && last.reset === wish.isReset) return last;
    const at = { reset: wish.isReset, cursor: chunk.cursor, head };
    if (isPacked) {
      chunk.zstd ??= packText(chunk.changes, null, ZSTD_LEVEL);
      chunk.last = { kind: "packedDirectory", ...at, zstd: await chunk.zstd };
    } else chunk.last = { kind: "directory", ...at, changes: Changes.parse(JSON.parse(chunk.changes)) };
    return chunk.last;
  }

  async #chunk(key: string, after: number): Promise<Chunk> {
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept;
    let reading = this.#underWay.get(key);
    if (reading === undefined) {
      reading = readChunk(this.#ctx, after).finally(() => this.#underWay.delete(key));
      this.#underWay.set(key, reading);
      const chunk = await reading;
      this.#kept.set(key, chunk);
      return chunk;
    }
    return reading;
  }
}

/** Reads a chunk as text, as the node gets it: no value in it is made an object here. */
async function readChunk(ctx: Context, after: number): Promise<Chunk> {
  const [row] = await inTransaction(
    ctx,
    (tx) => tx.$queryRaw<{ head: bigint; count: number; last: bigint; changes: string }[]>`
      WITH chunk AS (
        SELECT kind, id, sequence, body FROM directory_entry
        WHERE sequence > ${after} ORDER BY sequence LIMIT ${CHUNK_ENTRIES}
      )
      SELECT (SELECT value FROM sequence WHERE name = 'directory') AS head,
        count(*)::int AS count, coalesce(max(sequence), 0)::bigint AS last,
        '[' || coalesce(string_agg('{"kind":' || to_json(kind)::text || ',"id":' || to_json(id)::text
          || ',"sequence":' || sequence || ',"body":' || coalesce(body::text, 'null') || '}', ',' ORDER BY sequence), '')
          || ']' AS changes
      FROM chunk`,
  );
  if (row === undefined) throw new Error("An aggregate without a row");
  const cursor = row.count === CHUNK_ENTRIES ? Number(row.last) : Math.max(Number(row.head), Number(row.last));
  return { changes: row.changes, cursor, zstd: null, last: null };
}
