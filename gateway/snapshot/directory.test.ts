import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { temporaryDirectory } from "#gateway/testing/fixtures.ts";
import type { DirectoryChange } from "#lib/contract/directory.ts";
import { Directory } from "./directory.ts";
import { DirectoryFile } from "./directory-file.ts";
import { deriveStorageKey } from "./sealed-bytes.ts";

const hashOf = (name: string): string => Buffer.from(name).toString("hex").padEnd(64, "0");
function keyChange(sequence: number, name: string, sha256: string | null): DirectoryChange {
  const id = `key_${name}`;
  const body =
    sha256 === null ? null : { id, consumerId: "con_1", sha256, expiresAt: null, routes: name === "a" ? ["r"] : null };
  return { kind: "apiKey", sequence, id, body };
}
function consumerChange(sequence: number, id: string): DirectoryChange {
  const body = { id, name: id, teamId: "t", planId: "p", suspendedReason: null, minRevision: 0 };
  return { kind: "consumer", sequence, id, body };
}
const message = (changes: DirectoryChange[], head: number, reset = false) => ({
  reset,
  changes,
  cursor: changes.at(-1)?.sequence ?? head,
  head,
});

describe("Directory", () => {
  it("is complete when it has reached the end of the log, and when there is nothing to reach", () => {
    const directory = new Directory(() => {});
    directory.receive(message([keyChange(1, "a", hashOf("a"))], 2), 1);
    expect(directory.isComplete).toBe(false);
    directory.receive(message([keyChange(2, "b", hashOf("b"))], 2), 1);
    expect(directory.isComplete).toBe(true);
    const empty = new Directory(() => {});
    empty.connected(3, 0);
    expect([empty.isComplete, empty.current.epoch]).toEqual([true, 3]);
  });

  it("forgets a key under its old hash when it changes and altogether when it goes", () => {
    const directory = new Directory(() => {});
    directory.receive(message([keyChange(1, "a", hashOf("old"))], 1), 1);
    directory.receive(message([keyChange(2, "a", hashOf("new"))], 2), 1);
    expect([...directory.current.keys.values()].map(({ sha256 }) => sha256)).toEqual([hashOf("new")]);
    directory.receive(message([keyChange(3, "a", null)], 3), 1);
    expect(directory.current.keys.size).toBe(0);
  });

  it("keeps serving from the old state during a reset, and takes the new one whole or not at all", () => {
    const directory = new Directory(() => {});
    directory.receive(message([keyChange(1, "a", hashOf("a"))], 1), 1);
    directory.receive(message([keyChange(1, "b", hashOf("b"))], 2, true), 2);
    expect([...directory.current.keys.values()].map(({ sha256 }) => sha256)).toEqual([hashOf("a")]);
    directory.connectionLost();
    expect([directory.current.epoch, directory.current.cursor]).toEqual([1, 1]);
    directory.receive(message([keyChange(1, "b", hashOf("b"))], 2, true), 2);
    directory.receive(message([keyChange(2, "c", hashOf("c"))], 2), 2);
    expect([...directory.current.keys.values()].map(({ sha256 }) => sha256)).toEqual([hashOf("b"), hashOf("c")]);
    expect([directory.current.epoch, directory.current.cursor]).toEqual([2, 2]);
  });
});

describe("the directory's file", () => {
  it("gives back what was written, over many frames, and nothing of a file that was cut or flipped anywhere", async () => {
    const home = await temporaryDirectory();
    const file = new DirectoryFile(deriveStorageKey("c2VjcmV0", "node"), home.path);
    expect(await file.read()).toBeNull();
    const directory = new Directory(() => {});
    const changes = Array.from({ length: 5_000 }, (_, index) => keyChange(index + 2, `k${index}`, hashOf(`k${index}`)));
    directory.receive(message([consumerChange(1, "con_1"), ...changes, keyChange(5_002, "a", hashOf("a"))], 5_002), 7);
    await file.write(directory.current);
    const state = await file.read();
    expect([state?.cursor, state?.epoch, state?.keys.size]).toEqual([5_002, 7, 5_001]);
    expect(state?.keys.withHash(hashOf("a"))).toEqual(directory.current.keys.withHash(hashOf("a")));
    expect(state?.consumers.get("con_1")).toEqual(directory.current.consumers.get("con_1"));

    const path = `${home.path}/directory`;
    const whole = await readFile(path);
    for (const cut of [0, 3, 4, 100, whole.length >> 1, whole.length - 1]) {
      await writeFile(path, whole.subarray(0, cut));
      expect(await file.read()).toBeNull();
    }
    for (const at of [0, 2, 8, 50, whole.length >> 1, whole.length - 1]) {
      const flipped = Buffer.from(whole);
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      await writeFile(path, flipped);
      expect(await file.read()).toBeNull();
    }
    await home.remove();
  });
});
