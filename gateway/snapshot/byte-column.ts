import { hash } from "node:crypto";

const PAGE_BITS = 16;
const PAGE_ROWS = 1 << PAGE_BITS;
const PAGE_MASK = PAGE_ROWS - 1;

/** Fixed-width bytes by row number, in pages outside the JavaScript heap: growing copies nothing. */
export class ByteColumn {
  readonly width: number;
  private readonly pages: Buffer[] = [];

  constructor(width: number) {
    this.width = width;
  }

  /** Copies the first `width` bytes. */
  write(row: number, bytes: Buffer): void {
    const page = row >>> PAGE_BITS;
    while (page >= this.pages.length) this.pages.push(Buffer.alloc(PAGE_ROWS * this.width));
    bytes.copy(this.page(page), (row & PAGE_MASK) * this.width, 0, this.width);
  }

  /** Whether the row holds the first `width` bytes of this buffer. Hot path. */
  holds(row: number, bytes: Buffer): boolean {
    const page = this.page(row >>> PAGE_BITS);
    const from = (row & PAGE_MASK) * this.width;
    for (let at = 0; at < this.width; at++) if (page[from + at] !== bytes[at]) return false;
    return true;
  }

  hexAt(row: number): string {
    const from = (row & PAGE_MASK) * this.width;
    return this.page(row >>> PAGE_BITS).toString("hex", from, from + this.width);
  }

  uint32At(row: number, offset: number): number {
    return this.page(row >>> PAGE_BITS).readUInt32LE((row & PAGE_MASK) * this.width + offset);
  }

  doubleAt(row: number): number {
    return this.page(row >>> PAGE_BITS).readDoubleLE((row & PAGE_MASK) * this.width);
  }

  private page(number: number): Buffer {
    const page = this.pages[number];
    if (page === undefined) throw new RangeError("No such row");
    return page;
  }
}

const ID_BYTES = 16;
const HEX = /^[0-9a-f]{32}$/;

/** Ids by row number. One of the usual form, a prefix and 32 hex digits, takes sixteen bytes; any other is kept as it is. */
export class IdColumn {
  readonly bytes = new ByteColumn(ID_BYTES);
  private readonly prefix: string;
  private readonly unusual = new Map<number, string>();
  private readonly scratch = Buffer.alloc(ID_BYTES);

  constructor(prefix: string) {
    this.prefix = prefix;
  }

  /** What an id is found by: its sixteen bytes, or the digest of an unusual one. Good until the next call. */
  keyOf(id: string): Buffer {
    if (this.isUsual(id)) this.scratch.write(id.slice(this.prefix.length), "hex");
    else hash("sha256", id, "buffer").copy(this.scratch, 0, 0, ID_BYTES);
    return this.scratch;
  }

  write(row: number, id: string): void {
    this.bytes.write(row, this.keyOf(id));
    if (this.isUsual(id)) this.unusual.delete(row);
    else this.unusual.set(row, id);
  }

  at(row: number): string {
    return this.unusual.get(row) ?? this.prefix + this.bytes.hexAt(row);
  }

  clear(row: number): void {
    this.unusual.delete(row);
  }

  private isUsual(id: string): boolean {
    return id.startsWith(this.prefix) && HEX.test(id.slice(this.prefix.length));
  }
}
