import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { temporaryDirectory } from "#gateway/testing/fixtures.ts";
import { GenerationFile } from "./store-on-disk.ts";

let home: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeEach(async () => {
  home = await temporaryDirectory();
});
afterEach(() => home.remove());

/** What is whole starts and ends with a bracket. */
const accept = (bytes: Buffer): string | null => (/^\[.*\]$/.test(bytes.toString()) ? bytes.toString() : null);
const write = (file: GenerationFile, text: string): Promise<void> =>
  file.write(async (handle) => {
    await handle.writeFile(text);
  });
const lay = (files: Record<string, string>): Promise<unknown> =>
  Promise.all(Object.entries(files).map(([suffix, text]) => writeFile(join(home.path, `f${suffix}`), text)));

describe("a file in two generations", () => {
  it.each<[string, Record<string, string>, string | null]>([
    ["while the new one is written", { "": "[1]", ".previous": "[0]", ".new": "[2" }, "[1]"],
    ["before the present one is kept", { "": "[1]", ".previous": "[0]", ".new": "[2]" }, "[1]"],
    ["while the present one is kept", { "": "[1]", ".previous": "[0]", ".keep": "[1]", ".new": "[2]" }, "[1]"],
    ["before the new one takes its place", { "": "[1]", ".previous": "[1]", ".new": "[2]" }, "[1]"],
    ["after it has", { "": "[2]", ".previous": "[1]" }, "[2]"],
    ["and the new one is damaged afterwards", { "": "[2", ".previous": "[1]" }, "[1]"],
    ["and both are damaged", { "": "[2", ".previous": "1]" }, null],
    ["before there was any", { ".new": "[1" }, null],
  ])("is the old or the new one, whole, when the process dies %s", async (_, files, expected) => {
    await lay(files);
    const file = new GenerationFile(home.path, "f");
    expect(await file.read(accept)).toBe(expected);
    await write(file, "[3]");
    expect(await new GenerationFile(home.path, "f").read(accept)).toBe("[3]");
  });

  it("never keeps a damaged one as the generation before", async () => {
    await lay({ "": "[2", ".previous": "[1]" });
    const file = new GenerationFile(home.path, "f");
    await file.read(accept);
    await write(file, "[3]");
    expect(await readFile(join(home.path, "f.previous"), "utf8")).toBe("[1]");
    await write(file, "[4]");
    expect(await readFile(join(home.path, "f.previous"), "utf8")).toBe("[3]");
    expect((await readdir(home.path)).sort()).toEqual(["f", "f.previous"]);
  });

  it("stays as it was when writing fails", async () => {
    const file = new GenerationFile(home.path, "f");
    await write(file, "[1]");
    const failing = file.write(() => Promise.reject(new Error("no space left")));
    await expect(failing).rejects.toThrow("no space left");
    expect(await file.read(accept)).toBe("[1]");
  });
});
