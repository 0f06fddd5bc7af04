import { randomUUID } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { z } from "zod";
import { DirectoryApiKey, DirectoryConsumer } from "#lib/contract/directory.ts";
import { DirectoryState } from "./directory.ts";
import type { KnownApiKey } from "./key-table.ts";
import { openBytes, sealBytes } from "./sealed-bytes.ts";
import { GenerationFile } from "./store-on-disk.ts";

/**
 * The directory on disk: a row of encrypted frames (length, sealed bytes), each bound to its file and place, with a head
 * and an end, so that a file that was cut or mixed is not taken. Written in slices with a turn of the event loop between:
 * what changes meanwhile is in the log behind the cursor that the head names, and is read again at the next start.
 */
const FRAME_ENTRIES = 2_000;
const Head = z.object({ file: z.string(), epoch: z.int(), cursor: z.int() });
const Frame = z.object({
  consumers: z.array(DirectoryConsumer).optional(),
  keys: z.array(DirectoryApiKey).optional(),
  cachePurges: z.array(z.tuple([z.string(), z.string()])).optional(),
  end: z.literal(true).optional(),
});

function toBody(key: KnownApiKey): DirectoryApiKey {
  const { id, consumerId, sha256, expiresAtMs, routes } = key;
  const expiresAt = Number.isFinite(expiresAtMs) ? new Date(expiresAtMs).toISOString() : null;
  return { id, consumerId, sha256, expiresAt, routes: routes === null ? null : [...routes.names] };
}

export class DirectoryFile {
  private readonly storageKey: Buffer;
  private readonly file: GenerationFile;

  constructor(storageKey: Buffer, directory: string) {
    this.storageKey = storageKey;
    this.file = new GenerationFile(directory, "directory");
  }

  /** Writes a state. Throws what the file system throws; the generations on disk are then as before. */
  async write(state: DirectoryState): Promise<void> {
    const file = randomUUID();
    const head: z.infer<typeof Head> = { file, epoch: state.epoch, cursor: state.cursor };
    await this.file.write(async (handle) => {
      let place = 0;
      const put = async (purpose: string, value: unknown): Promise<void> => {
        const sealed = sealBytes(this.storageKey, purpose, Buffer.from(JSON.stringify(value)));
        const length = Buffer.alloc(4);
        length.writeUInt32LE(sealed.length);
        await handle.write(Buffer.concat([length, sealed]));
        await nextTurn();
      };
      await put("directory head", head);
      for (const consumers of slices(state.consumers.values())) await put(`${file} ${place++}`, { consumers });
      for (const keys of slices(state.keys.values())) await put(`${file} ${place++}`, { keys: keys.map(toBody) });
      for (const cachePurges of slices(state.cachePurges)) await put(`${file} ${place++}`, { cachePurges });
      await put(`${file} ${place}`, { end: true });
    });
  }

  /** Reads the newest whole generation, or null. */
  async read(): Promise<DirectoryState | null> {
    return await this.file.read((bytes) => this.parse(bytes));
  }

  private async parse(bytes: Buffer): Promise<DirectoryState | null> {
    try {
      return await this.parseFrames(bytes);
    } catch {
      return null;
    }
  }

  private async parseFrames(bytes: Buffer): Promise<DirectoryState | null> {
    const state = new DirectoryState();
    let offset = 0;
    const next = (purpose: string): unknown => {
      const length = bytes.readUInt32LE(offset);
      const plain = openBytes(this.storageKey, purpose, bytes.subarray(offset + 4, offset + 4 + length));
      offset += 4 + length;
      return plain === null ? null : JSON.parse(plain.toString());
    };
    const head = Head.parse(next("directory head"));
    state.epoch = head.epoch;
    state.cursor = head.cursor;
    for (let place = 0; ; place++) {
      const frame = Frame.parse(next(`${head.file} ${place}`));
      for (const body of frame.consumers ?? []) state.apply({ kind: "consumer", sequence: 1, id: body.id, body });
      for (const body of frame.keys ?? []) state.apply({ kind: "apiKey", sequence: 1, id: body.id, body });
      for (const [routeId, purgeId] of frame.cachePurges ?? []) state.cachePurges.set(routeId, purgeId);
      if (frame.end) return offset === bytes.length ? state : null;
      await nextTurn();
    }
  }

  async forget(): Promise<void> {
    await this.file.remove();
  }
}

function* slices<T>(items: Iterable<T>): Generator<T[]> {
  let slice: T[] = [];
  for (const item of items) {
    slice.push(item);
    if (slice.length < FRAME_ENTRIES) continue;
    yield slice;
    slice = [];
  }
  if (slice.length > 0) yield slice;
}
