import { crc32 } from "node:zlib";

/**
 * A record of the spool: magic, payload length, CRC-32 of all that follows it, kind, sequence, call id, payload.
 * The magic lets a reader find the next whole record behind a damaged one; id and sequence stand outside the JSON, so
 * that recovery need not parse what it only counts.
 */
const MAGIC = 0x31535054;
const MAGIC_BYTES = Buffer.from("TPS1");
const ID_BYTES = 36;
export const RECORD_HEAD_BYTES = 4 + 4 + 4 + 4 + 8 + ID_BYTES;
/** No event comes near this; a longer length is damage. */
export const PAYLOAD_BYTES_MAX = 1_024 * 1_024;

/** An intent is written before a call is sent to an upstream; an outcome when it is over. Intents have sequence 0. */
export const RecordKind = { intent: 1, outcome: 2 } as const;
export type RecordKind = (typeof RecordKind)[keyof typeof RecordKind];

export interface SpoolRecord {
  readonly kind: RecordKind;
  readonly sequence: number;
  readonly id: string;
  /** JSON of a `UsageEvent`; a view into the bytes that were read. */
  readonly payload: Buffer;
}

/** How many bytes a record with this payload may take at most. */
export function recordBytesMax(payload: string): number {
  return RECORD_HEAD_BYTES + payload.length * 3;
}

/** Writes a record at `offset` and returns the offset behind it. The caller has made room for `recordBytesMax`. */
export function writeRecord(
  into: Buffer,
  offset: number,
  kind: RecordKind,
  sequence: number,
  id: string,
  payload: string,
): number {
  const body = offset + RECORD_HEAD_BYTES;
  const length = into.write(payload, body);
  into.writeUInt32LE(MAGIC, offset);
  into.writeUInt32LE(length, offset + 4);
  into.writeUInt32LE(kind, offset + 12);
  into.writeDoubleLE(sequence, offset + 16);
  if (id.length < ID_BYTES) into.fill(0, offset + 24, body);
  into.write(id, offset + 24, ID_BYTES, "latin1");
  into.writeUInt32LE(crc32(into.subarray(offset + 12, body + length)), offset + 8);
  return body + length;
}

/** Where reading stands: the next record, or what is missing for one. */
export type ReadResult =
  | { readonly record: SpoolRecord; readonly next: number; readonly skipped: number }
  /** Nothing whole is left from `next` on: more bytes may complete it, or it is a torn tail. */
  | { readonly record: null; readonly next: number; readonly skipped: number };

function recordAt(bytes: Buffer, at: number): SpoolRecord | "damaged" | "incomplete" {
  if (bytes.length - at < RECORD_HEAD_BYTES) return "incomplete";
  const length = bytes.readUInt32LE(at + 4);
  const kind = bytes.readUInt32LE(at + 12);
  if (length > PAYLOAD_BYTES_MAX || (kind !== RecordKind.intent && kind !== RecordKind.outcome)) return "damaged";
  const body = at + RECORD_HEAD_BYTES;
  if (bytes.length - body < length) return "incomplete";
  if (crc32(bytes.subarray(at + 12, body + length)) !== bytes.readUInt32LE(at + 8)) return "damaged";
  const id = bytes.toString("latin1", at + 24, body).replace(/\0+$/, "");
  return { kind, sequence: bytes.readDoubleLE(at + 16), id, payload: bytes.subarray(body, body + length) };
}

/**
 * Reads the next whole record at or behind `from`, passing over damaged bytes. `isWhole` says that no more bytes will
 * come: then a record that claims to reach beyond the end is damage as well, and what lies behind its head is searched.
 */
export function readRecord(bytes: Buffer, from: number, isWhole: boolean): ReadResult {
  let skipped = 0;
  for (let at = from; ; ) {
    const start = bytes.indexOf(MAGIC_BYTES, at);
    if (start === -1) {
      const next = isWhole ? bytes.length : Math.max(at, bytes.length - MAGIC_BYTES.length + 1);
      return { record: null, next, skipped: skipped + next - at };
    }
    skipped += start - at;
    const found = recordAt(bytes, start);
    if (typeof found === "object") {
      return { record: found, next: start + RECORD_HEAD_BYTES + found.payload.length, skipped };
    }
    if (found === "incomplete" && !isWhole) return { record: null, next: start, skipped };
    skipped += 1;
    at = start + 1;
  }
}
