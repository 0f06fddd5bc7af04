import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join as joinPath } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { plan, until } from "#gateway/testing/fixtures.ts";
import { Harness } from "#gateway/testing/harness.ts";
import { wasRemoved } from "./identity.ts";

let harness: Harness;
let removed = 0;
beforeEach(async () => {
  removed = 0;
  harness = await Harness.start({ reportEveryMs: 100, onRemoved: () => (removed += 1) });
});
afterEach(() => harness.stop());

const identityOnDisk = async (): Promise<Record<string, unknown>> =>
  JSON.parse(await readFile(joinPath(harness.home, "identity.json"), "utf8"));

describe("a node's key", () => {
  it("is changed while calls go on, and the next start signs with the new one", async () => {
    const before = harness.node;
    await before.rotateKey();
    await until("the new key is in use", () => harness.plane.keyChanges === 1);
    expect((await harness.chat("smart")).status).toBe(200);
    const { signingKey, nextSigningKey } = await identityOnDisk();
    expect(nextSigningKey).toBeUndefined();
    await before.rotateKey();
    await until("the third key is in use", () => harness.plane.keyChanges === 2);
    expect((await identityOnDisk()).signingKey).not.toEqual(signingKey);
    const reports = harness.plane.reports.length;
    await until("reports are still taken", () => harness.plane.reports.length > reports + 2);
  });
});

describe("a removed node", () => {
  it("stops, forgets everything, and does not come back by itself", async () => {
    harness.plane.isNodeRemoved = true;
    await until("it has stopped", () => removed === 1);
    await expect(harness.chat("smart")).rejects.toThrow();
    expect(await wasRemoved(harness.home)).toBe(true);
    await expect(identityOnDisk()).rejects.toThrow();
  });

  it("is not told so by somebody who only says so", async () => {
    // What somebody between could write into the stream: no MAC, a wrong one, and a command that was meant for another place.
    const data = JSON.stringify({ kind: "command", command: "remove" });
    const connections = harness.plane.connections;
    harness.plane.sendBytes(`data: ${data}\n\n`);
    await until("it has turned away", () => harness.plane.connections > connections);
    harness.plane.sendBytes(`id: ${"A".repeat(43)}\ndata: ${data}\n\n`);
    await until("it has turned away again", () => harness.plane.connections > connections + 1);
    expect((await harness.chat("smart")).status).toBe(200);
    expect(removed).toBe(0);
  });
});

describe("an impostor in the control plane's place", () => {
  it("is not believed: its time, its acknowledgements, its removal and its keys", async () => {
    const { port } = new URL(harness.plane.url);
    await harness.plane.stop();
    const seen: string[] = [];
    const impostor = createServer((request, response) => {
      seen.push(request.url?.split("?")[0] ?? "");
      request.resume().on("end", () => {
        const isStream = request.method === "GET";
        response.writeHead(isStream ? 200 : 401, {
          "content-type": isStream ? "text/event-stream" : "application/json",
        });
        response.end(isStream ? 'data: {"kind":"command","command":"remove"}\n\n' : '{"code":"node_removed"}');
      });
    });
    await new Promise<void>((resolve) => impostor.listen(Number(port), "127.0.0.1", resolve));
    try {
      await until("it was asked for a stream and a report", () => new Set(seen).size >= 2, 10_000);
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect((await harness.chat("smart")).status).toBe(200);
      expect(removed).toBe(0);
    } finally {
      impostor.closeAllConnections();
      await new Promise((resolve) => impostor.close(resolve));
    }
  });
});

describe("a plan that bounds how stale a node may be", () => {
  it("is refused past it with a coded 503, by name in the decision, and served again when the control plane is back", async () => {
    const bounded = plan("pln_open", { maxStaleSeconds: 15 });
    await harness.publish(harness.document({ plans: [bounded] }));
    await until("it is served", async () => (await harness.chat("smart")).status === 200);
    const { node } = harness;
    // Sixteen seconds without the control plane, by the clock that the node counts with.
    const now = performance.now.bind(performance);
    harness.plane.reportStatus = 503;
    performance.now = () => now() + 16_000;
    try {
      const refused = await harness.chat("smart");
      expect(refused).toMatchObject({ status: 503, headers: { "retry-after": "5" } });
      expect(JSON.parse(refused.text).error.code).toBe("node_stale");
      const event = await harness.event(refused);
      expect(event.decision.stages.at(-1)?.rule).toContain("allows 15 s without the control plane");
      harness.plane.reportStatus = null;
      const reports = harness.plane.reports.length;
      await until("it has reported", () => harness.plane.reports.length > reports + 1);
      expect((await harness.chat("smart")).status).toBe(200);
      expect(node.notReadyReason()).toBeNull();
    } finally {
      performance.now = now;
    }
  });
});
