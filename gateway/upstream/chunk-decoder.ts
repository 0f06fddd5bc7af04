import { isFieldLine } from "./response-head.ts";

const CR = 0x0d;
const LF = 0x0a;
/** Twelve hexadecimal digits stay exact in a number, and no chunk is that long. */
const SIZE_DIGITS_MAX = 12;
/** Chunk extensions and trailers of one response together; they are checked and not used. */
const EXTRA_BYTES_MAX = 16 * 1_024;

/** What the next byte belongs to. */
const Place = {
  size: 0,
  extension: 1,
  sizeLf: 2,
  data: 3,
  dataCr: 4,
  dataLf: 5,
  trailer: 6,
  trailerLf: 7,
} as const;
type Place = (typeof Place)[keyof typeof Place];

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/**
 * Takes a chunked body apart (RFC 9112 7.1), strictly: lines end in CRLF, sizes are plain hexadecimal numbers, trailers are
 * well-formed and dropped. One per connection, used for one response after another. Hot path of streams.
 */
export class ChunkDecoder {
  private place: Place = Place.size;
  private digits = 0;
  private left = 0;
  private extraBytes = 0;
  private line = "";
  private out: Buffer | null = null;
  private outBytes = 0;
  /** Whether the last chunk and the trailers behind it have come. */
  isWhole = false;
  isBroken = false;

  begin(): void {
    this.place = Place.size;
    this.digits = 0;
    this.left = 0;
    this.extraBytes = 0;
    this.line = "";
    this.isWhole = false;
    this.isBroken = false;
  }

  /**
   * Takes bytes from `from` on and returns the offset behind the last one that belongs to the body. `taken` has the data
   * among them, all in one buffer.
   */
  push(bytes: Buffer, from: number): number {
    let at = from;
    while (at < bytes.length && !this.isWhole && !this.isBroken) {
      at = this.place === Place.data ? this.copy(bytes, at) : this.step(bytes[at] ?? 0, at);
    }
    return at;
  }

  /** The data of the last `push`, or null when there was none. */
  taken(): Buffer | null {
    const taken = this.out === null ? null : this.out.subarray(0, this.outBytes);
    this.out = null;
    this.outBytes = 0;
    return taken;
  }

  private copy(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.left);
    this.out ??= Buffer.allocUnsafe(bytes.length - at);
    bytes.copy(this.out, this.outBytes, at, end);
    this.outBytes += end - at;
    this.left -= end - at;
    if (this.left === 0) this.place = Place.dataCr;
    return end;
  }

  private step(byte: number, at: number): number {
    switch (this.place) {
      case Place.size:
        this.takeSize(byte);
        break;
      case Place.extension:
        this.takeExtension(byte);
        break;
      case Place.sizeLf:
        this.expect(byte, LF, this.left > 0 ? Place.data : Place.trailer);
        break;
      case Place.dataCr:
        this.expect(byte, CR, Place.dataLf);
        break;
      case Place.dataLf:
        this.expect(byte, LF, Place.size);
        this.digits = 0;
        break;
      case Place.trailer:
        this.takeTrailer(byte);
        break;
      case Place.trailerLf:
        this.endTrailer(byte);
        break;
    }
    return at + 1;
  }

  private takeSize(byte: number): void {
    const digit = hexDigit(byte);
    if (digit !== -1) {
      this.left = this.digits === 0 ? digit : this.left * 16 + digit;
      this.digits += 1;
      if (this.digits > SIZE_DIGITS_MAX) this.isBroken = true;
    } else if (this.digits === 0) this.isBroken = true;
    else if (byte === CR) this.place = Place.sizeLf;
    else if (byte === 0x3b) this.place = Place.extension;
    else this.isBroken = true;
  }

  private takeExtension(byte: number): void {
    this.countExtra();
    if (byte === CR) this.place = Place.sizeLf;
    else if ((byte < 0x20 && byte !== 0x09) || byte === 0x7f) this.isBroken = true;
  }

  private takeTrailer(byte: number): void {
    this.countExtra();
    if (byte === CR) this.place = Place.trailerLf;
    else this.line += String.fromCharCode(byte);
  }

  private endTrailer(byte: number): void {
    if (byte !== LF) this.isBroken = true;
    else if (this.line === "") this.isWhole = true;
    else if (isFieldLine(this.line)) {
      this.line = "";
      this.place = Place.trailer;
    } else this.isBroken = true;
  }

  private countExtra(): void {
    this.extraBytes += 1;
    if (this.extraBytes > EXTRA_BYTES_MAX) this.isBroken = true;
  }

  private expect(byte: number, wanted: number, next: Place): void {
    if (byte === wanted) this.place = next;
    else this.isBroken = true;
  }
}
