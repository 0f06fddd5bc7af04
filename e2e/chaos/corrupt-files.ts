import { generateKeyPairSync, randomBytes, randomInt, sign } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { SnapshotHolder } from "#gateway/snapshot/apply.ts";
import { DirectoryState } from "#gateway/snapshot/directory.ts";
import { DirectoryFile } from "#gateway/snapshot/directory-file.ts";
import { policy, route, target, upstream, version } from "#gateway/testing/fixtures.ts";
import { canonicalJson, sha256Hex } from "#lib/contract/canonical.ts";
import type { SignedRevision } from "#lib/contract/node-protocol.ts";
import type { Verdict } from "./verdict.ts";

/**
 * A node's revision and directory files, damaged: a byte changed, a file cut, a run of noise, a file put in the other's
 * place. What is loaded must be the last generation or the one before, whole, never anything else, and nothing may throw.
 * (Spools have a property of their own in gateway/usage/spool.test.ts.)
 */
export async function corruptFiles(n: number): Promise<Verdict> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "turnpike-corrupt-"));
  try {
    const disk = await prepare(folder);
    const counts = { fellBack: 0, intact: 0, wrong: 0, thrown: 0 };
    for (let round = 0; round < n; round++) {
      const name = round % 2 === 0 ? "revision" : "directory";
      damage(
        path.join(folder, name),
        disk.good[name],
        disk.good[name === "revision" ? "directory" : "revision"],
        round,
      );
      const loaded = await disk.load(name).catch(() => "thrown" as const);
      writeFileSync(path.join(folder, name), disk.good[name]);
      if (loaded === "thrown") counts.thrown += 1;
      else if (loaded === 1) counts.fellBack += 1;
      else if (loaded === 2) counts.intact += 1;
      else counts.wrong += 1;
    }
    // Damage that is none (a byte put back, a cut at the end) may leave the last generation; it must be rare.
    const violations = counts.wrong + counts.thrown + (counts.intact > n / 100 + 1 ? 1 : 0);
    return { case: "corrupt-files", n, violations, figures: counts };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Name = "revision" | "directory";

interface Disk {
  /** The last generation's bytes. */
  good: Record<Name, Buffer>;
  /** Which generation a start finds: 1 or 2; 0 for none. */
  load(name: Name): Promise<number>;
}

/** Two generations of each file: revision 1 and 2, and a directory whose cursor is 1 and then 2. */
async function prepare(directory: string): Promise<Disk> {
  const keys = generateKeyPairSync("ed25519");
  const storageKey = randomBytes(32);
  const options = { controlKey: keys.publicKey, storageKey, directory, onSwap: () => undefined };
  const writer = new SnapshotHolder(options);
  const document = canonicalJson(
    policy([upstream("ups_1", "http://127.0.0.1:9")], [route("smart", [version([target("ups_1")])])]),
  );
  for (const number of [1, 2]) {
    const header = { epoch: 1, number, parent: number - 1, sha256: sha256Hex(document) };
    const signature = sign(null, Buffer.from(canonicalJson(header)), keys.privateKey).toString("base64url");
    const revision: SignedRevision = { encoding: "full", header, signature, document };
    if ((await writer.offer(revision)) !== "applied") throw new Error(`Not taken: ${writer.rejection?.message}`);
  }
  const file = new DirectoryFile(storageKey, directory);
  for (const cursor of [1, 2]) {
    const state = new DirectoryState();
    state.epoch = 1;
    state.cursor = cursor;
    for (let key = 0; key < 50; key++) {
      const body = {
        id: `key_${key}`,
        consumerId: "con_1",
        sha256: sha256Hex(String(key)),
        expiresAt: null,
        routes: null,
      };
      state.apply({ kind: "apiKey", sequence: 1, id: body.id, body });
    }
    await file.write(state);
  }
  const read = (name: Name) => readFileSync(path.join(directory, name));
  return {
    good: { revision: read("revision"), directory: read("directory") },
    async load(name) {
      if (name === "directory") {
        const state = await new DirectoryFile(storageKey, directory).read();
        return state === null ? 0 : state.keys.size === 50 ? state.cursor : -1;
      }
      const holder = new SnapshotHolder(options);
      await holder.load();
      return holder.current?.number ?? 0;
    },
  };
}

function damage(file: string, good: Buffer, other: Buffer, round: number): void {
  writeFileSync(file, round % 8 === 7 ? other : damaged(good, round % 8));
}

/** 0 to 3: a byte is another; 4 and 5: the end is missing; 6: there is noise in the middle. */
function damaged(good: Buffer, kind: number): Buffer {
  const at = randomInt(good.length);
  if (kind >= 6) return Buffer.concat([good.subarray(0, at), randomBytes(randomInt(1, 300)), good.subarray(at)]);
  if (kind >= 4) return good.subarray(0, at);
  const bytes = Buffer.from(good);
  bytes[at] = (bytes[at] ?? 0) ^ randomInt(1, 256);
  return bytes;
}
