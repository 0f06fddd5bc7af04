import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createZstdDecompress } from "node:zlib";
import { BackupRefused, opened } from "./container.ts";
import { End, type Frame, framesOf, Manifest, readJson, TableEnd, TableHead } from "./frames.ts";

/** Who is told what a backup holds, in its order. */
export interface BackupReader {
  manifest?(manifest: Manifest): Promise<void>;
  table?(table: TableHead): Promise<void>;
  rows?(bytes: Buffer): Promise<void>;
  tableEnd?(rows: number): Promise<void>;
}

/**
 * Reads a backup from its first byte to its last, in bounded memory. Throws `BackupRefused` where it is not exactly what was
 * written; with a reader that does nothing this is how a backup is proved before anything is touched.
 */
export async function readBackup(file: string, passphrase: string, reader: BackupReader = {}): Promise<Manifest & End> {
  const seen = { tables: 0, rows: 0 };
  let manifest: Manifest | null = null;
  let end: End | null = null;
  const take = async (each: Frame): Promise<void> => {
    if (manifest === null && each.kind !== "manifest") throw new BackupRefused("The backup does not say what it is.");
    if (each.kind === "manifest") {
      manifest = readJson(Manifest, each);
      await reader.manifest?.(manifest);
    } else if (each.kind === "table") await reader.table?.(readJson(TableHead, each));
    else if (each.kind === "rows") await reader.rows?.(each.bytes);
    else if (each.kind === "tableEnd") {
      const { rows } = readJson(TableEnd, each);
      seen.tables++;
      seen.rows += rows;
      await reader.tableEnd?.(rows);
    } else end = readJson(End, each);
  };
  await pipeline(
    createReadStream(file),
    (source: AsyncIterable<Uint8Array>) => opened(source, passphrase),
    createZstdDecompress(),
    async (source: AsyncIterable<Uint8Array>) => {
      for await (const each of framesOf(source)) await take(each);
    },
  );
  return whole(manifest, end, seen);
}

function whole(manifest: Manifest | null, end: End | null, seen: End): Manifest & End {
  if (manifest === null || end === null || end.tables !== seen.tables || end.rows !== seen.rows)
    throw new BackupRefused("The backup does not hold what it says.");
  return { ...manifest, ...end };
}
