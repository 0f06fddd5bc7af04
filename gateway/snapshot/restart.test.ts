import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadIdentity, type NodeIdentity, saveIdentity } from "#gateway/control/identity.ts";
import { join as joinPlane } from "#gateway/control/join.ts";
import { TestControlPlane } from "#gateway/testing/control-plane.ts";
import { addConsumer, until } from "#gateway/testing/fixtures.ts";
import { Harness } from "#gateway/testing/harness.ts";

let harness: Harness;
let identity: NodeIdentity;

/** The harness with a node whose identity the test keeps, as main.ts does on disk. */
beforeEach(async () => {
  const plane = await TestControlPlane.start();
  identity = await joinPlane({ controlUrl: plane.url, joinToken: plane.joinToken, name: "n", version: "0" });
  harness = await Harness.start({ plane, identity });
});
afterEach(() => harness.stop());

/** Waits until what is in memory is on disk too. */
async function settled(): Promise<void> {
  await until("the directory is on disk", async () => (await readdir(harness.home)).includes("directory"));
  await harness.node.stop(100);
}

const damage = async (name: string): Promise<void> => {
  const path = join(harness.home, name);
  const bytes = await readFile(path);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  await writeFile(path, bytes);
};

describe("a node that starts while the control plane is down", () => {
  it("serves from disk what it served before, with its credential", async () => {
    await settled();
    await harness.plane.stop();
    await harness.begin({ identity });
    expect(harness.node.notReadyReason()).toBeNull();
    const answer = await harness.chat("smart");
    expect([answer.status, answer.headers["x-turnpike-revision"]]).toEqual([200, "1"]);
    expect(harness.first.received.at(-1)?.headers.authorization).toBe("Bearer sk-first-secret-of-the-upstream");
  });

  it("falls back to the revision before when the last is damaged, and takes the last again from the control plane", async () => {
    await harness.publish(harness.document());
    await settled();
    await damage("revision");
    await harness.begin({ identity });
    expect(harness.node.revision).toBe(1);
    expect((await harness.chat("smart")).status).toBe(200);
    await until("revision 2 is in force again", () => harness.node.revision === 2);
  });

  it("still knows which revision it has rejected and why", async () => {
    harness.plane.publish(harness.plane.signed(2, { ...harness.document(), surprise: 1 }));
    await until("it is rejected", () => harness.plane.reports.at(-1)?.rejected?.revision === 2);
    await settled();
    const before = harness.plane.reports.length;
    await harness.begin({ identity });
    await until("it reports again", () => harness.plane.reports.length > before);
    expect(harness.plane.reports.at(-1)).toMatchObject({ appliedRevision: 1, rejected: { revision: 2 } });
    harness.plane.publishDocument(3, harness.document());
    await until("the rejection is over", () => harness.plane.reports.at(-1)?.rejected === null);
  });

  it("is not ready, and does not crash, when everything is damaged; and learns it all anew", async () => {
    await settled();
    for (const name of await readdir(harness.home)) {
      if ((await stat(join(harness.home, name))).isFile()) await damage(name);
    }
    await harness.begin({ identity });
    await until("everything has come again", () => harness.node.notReadyReason() === null);
    expect((await harness.chat("smart")).status).toBe(200);
  });

  it("keeps nothing readable on disk: no secret, no key's hash, no policy", async () => {
    await settled();
    const names = (await readdir(harness.home)).filter((name) => name !== "spool");
    expect(names).toEqual(expect.arrayContaining(["credentials", "directory", "revision"]));
    for (const name of names) {
      const text = await readFile(join(harness.home, name), "latin1");
      for (const canary of ["sk-first", "con_1", "smart", harness.secret]) expect(text).not.toContain(canary);
      expect((await stat(join(harness.home, name))).mode & 0o077).toBe(0);
    }
  });

  it("learns at its reconnect of a key that was revoked meanwhile", async () => {
    const other = addConsumer(harness.plane, "con_2");
    await until("the key works", async () => (await harness.chat("smart", {}, other)).status === 200);
    await new Promise((resolve) => setTimeout(resolve, 700));
    await settled();
    harness.plane.change({ kind: "apiKey", sequence: 1, id: "key_con_2", body: null });
    await harness.begin({ identity });
    await until("the key is refused", async () => (await harness.chat("smart", {}, other)).status === 401);
    expect((await harness.chat("smart")).status).toBe(200);
  });
});

describe("the identity file", () => {
  it("is the owner's alone, read back as it was, and says so when it is damaged", async () => {
    await saveIdentity(harness.home, identity);
    expect(await loadIdentity(harness.home)).toEqual(identity);
    expect((await stat(join(harness.home, "identity.json"))).mode & 0o777).toBe(0o600);
    await writeFile(join(harness.home, "identity.json"), "{}");
    await expect(loadIdentity(harness.home)).rejects.toThrow("damaged");
    expect(await loadIdentity(join(harness.home, "spool"))).toBeNull();
  });
});
