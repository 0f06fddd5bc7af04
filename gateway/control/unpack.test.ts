import { describe, expect, it } from "vitest";
import { sha256Hex } from "#lib/contract/canonical.ts";
import type { PackedRevision } from "#lib/contract/node-protocol.ts";
import { packText } from "#lib/contract/packed-text.ts";
import { unpackDirectory, unpackRevision } from "./unpack.ts";

const BEFORE = JSON.stringify({ plans: [{ id: "a", limit: 1 }] });
const AFTER = JSON.stringify({ plans: [{ id: "a", limit: 2 }] });
const held = async (number: number): Promise<string | null> => (number === 1 ? BEFORE : null);

async function packed(base: PackedRevision["base"], dictionary: string | null): Promise<PackedRevision> {
  const header = { epoch: 1, number: 2, parent: 1, sha256: sha256Hex(AFTER) };
  return { header, signature: "s", base, zstd: await packText(AFTER, dictionary, 3) };
}
const base = (number: number) => ({ number, sha256: sha256Hex(BEFORE) });

describe("a packed revision", () => {
  it("is unpacked from what differs, and from the whole", async () => {
    expect((await unpackRevision(await packed(base(1), BEFORE), held))?.document).toBe(AFTER);
    expect((await unpackRevision(await packed(null, null), held))?.document).toBe(AFTER);
  });

  it("is asked for whole where its base is not here, is another, or the result is not what was signed", async () => {
    expect(await unpackRevision(await packed(base(7), BEFORE), held)).toBeNull();
    expect(await unpackRevision(await packed(base(1), `${BEFORE} `), held)).toBeNull();
    const good = await packed(base(1), BEFORE);
    const altered = { ...good, header: { ...good.header, sha256: sha256Hex("other") } };
    expect(await unpackRevision(altered, held)).toBeNull();
    expect(await unpackRevision({ ...good, zstd: "AAAA" }, held)).toBeNull();
  });

  it("that came whole is handed on for judgement, whatever is in it", async () => {
    expect((await unpackRevision({ ...(await packed(null, null)), zstd: "AAAA" }, held))?.document).toBe("");
  });
});

describe("a packed chunk of the directory", () => {
  it("yields changes of the known form only", async () => {
    const at = { kind: "packedDirectory" as const, reset: true, cursor: 3, head: 9 };
    const changes = [{ kind: "apiKey", sequence: 3, id: "key_1", body: null }];
    const message = { ...at, zstd: await packText(JSON.stringify(changes), null, 1) };
    expect(await unpackDirectory(message)).toEqual({ reset: true, cursor: 3, head: 9, changes });
    const strange = { ...at, zstd: await packText('[{"kind":"other"}]', null, 1) };
    await expect(unpackDirectory(strange)).rejects.toThrow();
  });
});
