import type { ByteColumn } from "./byte-column.ts";

const SIZE_MIN = 1_024;
const EMPTY = 0;

/**
 * Finds rows by the bytes of a column: open addressing with linear probing over row numbers, and deletion by shifting back
 * (Knuth, The Art of Computer Programming, vol. 3, 6.4, algorithm R). The bytes are as good as random, so four of them,
 * at `hashOffset`, serve as the hash. Four to eight bytes a row.
 */
export class RowIndex {
  private readonly column: ByteColumn;
  private readonly hashOffset: number;
  /** Row number + 1; 0 is an empty place. The length is a power of two. */
  private places = new Uint32Array(SIZE_MIN);
  private used = 0;

  constructor(column: ByteColumn, hashOffset: number) {
    this.column = column;
    this.hashOffset = hashOffset;
  }

  /** The row with these bytes, or -1. Hot path. */
  find(bytes: Buffer): number {
    const mask = this.places.length - 1;
    for (let place = bytes.readUInt32LE(this.hashOffset) & mask; ; place = (place + 1) & mask) {
      const held = this.places[place] ?? EMPTY;
      if (held === EMPTY) return -1;
      if (this.column.holds(held - 1, bytes)) return held - 1;
    }
  }

  /** Lets the bytes that the row holds be found as this row, whichever row had them before. */
  put(row: number, bytes: Buffer): void {
    if ((this.used + 1) * 2 > this.places.length) this.grow();
    const mask = this.places.length - 1;
    for (let place = bytes.readUInt32LE(this.hashOffset) & mask; ; place = (place + 1) & mask) {
      const held = this.places[place] ?? EMPTY;
      if (held !== EMPTY && !this.column.holds(held - 1, bytes)) continue;
      if (held === EMPTY) this.used += 1;
      this.places[place] = row + 1;
      return;
    }
  }

  /** Forgets a row that is found by what it holds; one that is not stays unknown. Before its bytes change. */
  remove(row: number): void {
    const mask = this.places.length - 1;
    let place = this.homeOf(row) & mask;
    while (this.places[place] !== row + 1) {
      if (this.places[place] === EMPTY) return;
      place = (place + 1) & mask;
    }
    this.used -= 1;
    this.shiftBack(place, mask);
  }

  private shiftBack(from: number, mask: number): void {
    let gap = from;
    this.places[gap] = EMPTY;
    for (let place = (gap + 1) & mask; ; place = (place + 1) & mask) {
      const held = this.places[place] ?? EMPTY;
      if (held === EMPTY) return;
      const home = this.homeOf(held - 1) & mask;
      // Whether its home lies cyclically behind the gap: then it must stay.
      if (((place - home) & mask) < ((place - gap) & mask)) continue;
      this.places[gap] = held;
      this.places[place] = EMPTY;
      gap = place;
    }
  }

  private grow(): void {
    const before = this.places;
    this.places = new Uint32Array(before.length * 2);
    const mask = this.places.length - 1;
    for (const held of before) {
      if (held === EMPTY) continue;
      let place = this.homeOf(held - 1) & mask;
      while (this.places[place] !== EMPTY) place = (place + 1) & mask;
      this.places[place] = held;
    }
  }

  private homeOf(row: number): number {
    return this.column.uint32At(row, this.hashOffset);
  }
}
