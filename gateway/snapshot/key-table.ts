import type { DirectoryApiKey } from "#lib/contract/directory.ts";
import { compileRouteRule, type RouteRule } from "#lib/policy/plan-allows.ts";
import { ByteColumn, IdColumn } from "./byte-column.ts";
import { RowIndex } from "./row-index.ts";

/** An API key as a call looks it up. */
export interface KnownApiKey {
  readonly id: string;
  readonly consumerId: string;
  readonly sha256: string;
  /** Milliseconds since 1970; infinity for a key that does not expire. */
  readonly expiresAtMs: number;
  /** What narrows the plan, or null. */
  readonly routes: RouteRule | null;
}

const HASH_BYTES = 32;
const TIME_BYTES = 8;
/** The last four bytes of an id: a UUIDv7 begins with the time, which neighbours share. */
const ID_HASH_OFFSET = 12;

/**
 * All API keys, by id and by the hash of their secret, in under 100 bytes each where objects in two maps take 450: bytes in
 * columns outside the heap, which the garbage collector does not walk either. What is looked up is made an object then.
 */
export class KeyTable {
  private readonly hashes = new ByteColumn(HASH_BYTES);
  private readonly ids = new IdColumn("key_");
  private readonly consumerIds = new IdColumn("con_");
  private readonly expiries = new ByteColumn(TIME_BYTES);
  private readonly routes = new Map<number, RouteRule>();
  private readonly byHash = new RowIndex(this.hashes, 0);
  private readonly byId = new RowIndex(this.ids.bytes, ID_HASH_OFFSET);
  private readonly free: number[] = [];
  private rows = 0;
  private readonly hashScratch = Buffer.alloc(HASH_BYTES);
  private readonly timeScratch = Buffer.alloc(TIME_BYTES);

  get size(): number {
    return this.rows - this.free.length;
  }

  /** The key whose secret has this hash (64 hex digits). Of two with one hash, the one that came last. Hot path. */
  withHash(sha256: string): KnownApiKey | undefined {
    const row = this.byHash.find(this.hashOf(sha256));
    return row === -1 ? undefined : this.at(row);
  }

  /** Hot path. */
  get(id: string): KnownApiKey | undefined {
    const row = this.rowOf(id);
    return row === -1 ? undefined : this.at(row);
  }

  set(id: string, body: DirectoryApiKey): void {
    const known = this.rowOf(id);
    const row = known === -1 ? (this.free.pop() ?? this.rows++) : known;
    if (known !== -1) this.byHash.remove(row);
    const hash = this.hashOf(body.sha256);
    this.hashes.write(row, hash);
    this.byHash.put(row, hash);
    this.ids.write(row, id);
    if (known === -1) this.byId.put(row, this.ids.keyOf(id));
    this.consumerIds.write(row, body.consumerId);
    this.timeScratch.writeDoubleLE(body.expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(body.expiresAt));
    this.expiries.write(row, this.timeScratch);
    if (body.routes === null) this.routes.delete(row);
    else this.routes.set(row, compileRouteRule(body.routes));
  }

  delete(id: string): void {
    const row = this.rowOf(id);
    if (row === -1) return;
    this.byHash.remove(row);
    this.byId.remove(row);
    this.ids.clear(row);
    this.consumerIds.clear(row);
    this.routes.delete(row);
    this.free.push(row);
  }

  /** Every key, in no order; what changes meanwhile may be missed. */
  *values(): Generator<KnownApiKey> {
    const gone = new Set(this.free);
    const end = this.rows;
    for (let row = 0; row < end; row++) if (!gone.has(row)) yield this.at(row);
  }

  private rowOf(id: string): number {
    const row = this.byId.find(this.ids.keyOf(id));
    return row !== -1 && this.ids.at(row) === id ? row : -1;
  }

  private at(row: number): KnownApiKey {
    return {
      id: this.ids.at(row),
      consumerId: this.consumerIds.at(row),
      sha256: this.hashes.hexAt(row),
      expiresAtMs: this.expiries.doubleAt(row),
      routes: this.routes.get(row) ?? null,
    };
  }

  private hashOf(sha256: string): Buffer {
    // What is no hash matches no secret's.
    this.hashScratch.fill(0, this.hashScratch.write(sha256, "hex"));
    return this.hashScratch;
  }
}
