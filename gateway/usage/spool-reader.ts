import { type FileHandle, open } from "node:fs/promises";
import { RecordKind, readRecord, type SpoolRecord } from "./record.ts";

const CHUNK_BYTES = 512 * 1_024;
const NOTHING = Buffer.alloc(0);

/**
 * Reads the records of one spool file from a position on, up to `endBytes`. Yields whole records in the order they were
 * written; damaged stretches are passed over and counted. `isWhole`: nothing will be appended any more.
 */
export class SegmentReader {
  private readonly path: string;
  private position = 0;
  private rest: Buffer = NOTHING;
  /** Bytes that belonged to no whole record. */
  damagedBytes = 0;

  constructor(path: string) {
    this.path = path;
  }

  /** The records in the next stretch of the file; none at its end. Throws what the file system throws. */
  async read(isWhole: boolean): Promise<SpoolRecord[]> {
    const chunk = await this.readChunk();
    const isEnd = chunk.length === 0;
    if (isEnd && (!isWhole || this.rest.length === 0)) return [];
    const bytes = Buffer.concat([this.rest, chunk]);
    const records: SpoolRecord[] = [];
    let from = 0;
    for (;;) {
      const { record, next, skipped } = readRecord(bytes, from, isWhole && isEnd);
      this.damagedBytes += skipped;
      from = next;
      if (record === null) break;
      records.push(record);
    }
    this.rest = bytes.subarray(from);
    if (records.length > 0 || isEnd) return records;
    return await this.read(isWhole);
  }

  private async readChunk(): Promise<Buffer> {
    const file = await openIfThere(this.path);
    if (file === null) return NOTHING;
    try {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, this.position);
      this.position += bytesRead;
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  }
}

/** A segment that is gone was acknowledged: the spool deletes no other. */
async function openIfThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, "r");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

export function isOutcome(record: SpoolRecord): boolean {
  return record.kind === RecordKind.outcome;
}
