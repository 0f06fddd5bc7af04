import { z } from "zod";
import { BackupRefused } from "./container.ts";

/** Inside the container: frames of a kind (1 byte), a length (4 bytes, big-endian) and so many bytes. */
const KINDS = ["manifest", "table", "rows", "tableEnd", "end"] as const;
export type FrameKind = (typeof KINDS)[number];
export interface Frame {
  kind: FrameKind;
  bytes: Buffer;
}

const HEAD_BYTES = 5;
const FRAME_BYTES_MAX = 16 * 1024 * 1024;

/** What a backup says of itself, before anything else. */
export const Manifest = z.strictObject({
  format: z.literal(1),
  createdAt: z.iso.datetime(),
  softwareVersion: z.string(),
  installation: z.string(),
  epoch: z.int(),
  revision: z.int(),
  /** Names of the migrations that the database had applied, in order. */
  migrations: z.array(z.string()),
  /** Which master key the secrets in it are sealed with: the beginning of a hash. The key itself is not in it. */
  masterKeyId: z.string(),
  /** Days with a partition of usage events of their own. */
  usageDays: z.array(z.iso.date()),
});
export type Manifest = z.infer<typeof Manifest>;

export const TableHead = z.strictObject({ name: z.string(), columns: z.array(z.string()) });
export type TableHead = z.infer<typeof TableHead>;
export const TableEnd = z.strictObject({ rows: z.int() });
export const End = z.strictObject({ tables: z.int(), rows: z.int() });
export type End = z.infer<typeof End>;

/** A frame as bytes. */
export function frame(kind: FrameKind, content: Uint8Array | object): Buffer {
  const bytes = content instanceof Uint8Array ? content : Buffer.from(JSON.stringify(content), "utf8");
  const head = Buffer.alloc(HEAD_BYTES);
  head[0] = KINDS.indexOf(kind) + 1;
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

/** The frames of a stream. Throws `BackupRefused` for one that does not end with an end. */
export async function* framesOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<Frame> {
  let held: Buffer = Buffer.alloc(0);
  let hasEnded = false;
  for await (const part of source) {
    held = held.length === 0 ? Buffer.from(part) : Buffer.concat([held, part]);
    let at = 0;
    for (let next = frameAt(held, at); next !== null; next = frameAt(held, at)) {
      if (hasEnded) throw notWhole();
      hasEnded = next.kind === "end";
      at += HEAD_BYTES + next.bytes.length;
      yield next;
    }
    held = held.subarray(at);
  }
  if (!hasEnded || held.length > 0) throw notWhole();
}

function frameAt(bytes: Buffer, at: number): Frame | null {
  if (bytes.length - at < HEAD_BYTES) return null;
  const kind = KINDS[(bytes[at] ?? 0) - 1];
  const length = bytes.readUInt32BE(at + 1);
  if (kind === undefined || length > FRAME_BYTES_MAX) throw notWhole();
  const end = at + HEAD_BYTES + length;
  return bytes.length < end ? null : { kind, bytes: bytes.subarray(at + HEAD_BYTES, end) };
}

/** The JSON of a frame. */
export function readJson<S extends z.ZodType>(schema: S, { bytes }: Frame): z.output<S> {
  const parsed = schema.safeParse(JSON.parse(bytes.toString("utf8")));
  if (!parsed.success)
    throw new BackupRefused("The backup has a form that this version of Turnpike does not read; a newer one may.");
  return parsed.data;
}

function notWhole(): BackupRefused {
  return new BackupRefused("The backup is not whole.");
}
