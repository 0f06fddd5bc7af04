import { crc32 } from "node:zlib";
import { EventStreamCodec } from "@smithy/core/event-streams";

/** One message of AWS's binary event stream. Headers that are no text are left out. */
export interface EventFrame {
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

/** Total length, length of the headers, and the checksum of both. */
const PRELUDE_BYTES = 12;
const CHECKED_BYTES = 8;
/** The longest message that the format allows. */
const FRAME_BYTES_MAX = 16 * 1_024 * 1_024;

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes).toString(),
  (text) => Buffer.from(text),
);

/**
 * Cuts a byte stream into the messages of `application/vnd.amazon.eventstream`, bounded. The prelude's checksum is looked
 * at as soon as it is there, so that a broken length does not have us wait for bytes that never come; the library checks
 * the rest. After a throw the stream is lost: messages have no mark by which to find the next one.
 */
export class EventFrames {
  private pending: Buffer[] = [];
  private pendingBytes = 0;
  /** The length of the message under way; 0 while its prelude is not there. */
  private frameBytes = 0;

  /** Takes bytes and returns the messages they complete. Throws when they are no messages. */
  push(chunk: Buffer): EventFrame[] {
    this.pending.push(chunk);
    this.pendingBytes += chunk.length;
    const found: EventFrame[] = [];
    while (this.pendingBytes >= PRELUDE_BYTES) {
      if (this.frameBytes === 0) this.frameBytes = readPrelude(this.joined());
      if (this.pendingBytes < this.frameBytes) break;
      const all = this.joined();
      found.push(readFrame(all.subarray(0, this.frameBytes)));
      this.keep(all.subarray(this.frameBytes));
    }
    return found;
  }

  /** Whether a message has begun that is not whole. */
  get isInMessage(): boolean {
    return this.pendingBytes > 0;
  }

  private joined(): Buffer {
    const [first] = this.pending;
    const all = this.pending.length === 1 && first !== undefined ? first : Buffer.concat(this.pending);
    this.pending = [all];
    return all;
  }

  private keep(rest: Buffer): void {
    this.pending = rest.length === 0 ? [] : [rest];
    this.pendingBytes = rest.length;
    this.frameBytes = 0;
  }
}

function readPrelude(bytes: Buffer): number {
  const length = bytes.readUInt32BE(0);
  if (crc32(bytes.subarray(0, CHECKED_BYTES)) !== bytes.readUInt32BE(CHECKED_BYTES))
    throw new RangeError("Bad prelude");
  if (length < PRELUDE_BYTES || length > FRAME_BYTES_MAX) throw new RangeError("Bad length of a message");
  return length;
}

function readFrame(bytes: Buffer): EventFrame {
  const { headers, body } = codec.decode(bytes);
  const texts = new Map<string, string>();
  for (const [name, header] of Object.entries(headers)) if (header.type === "string") texts.set(name, header.value);
  return { headers: texts, body: Buffer.from(body.buffer, body.byteOffset, body.byteLength) };
}
