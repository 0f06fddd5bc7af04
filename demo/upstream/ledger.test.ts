import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Ledger, type LedgerEntry } from "./ledger.ts";
import { startTestClient, type TestClient } from "./test-client.ts";

let client: TestClient | undefined;

afterEach(async () => {
  await client?.upstream.close();
  client = undefined;
});

function entry(fields: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    sequence: 0,
    id: "req_1",
    at: "2026-01-01T00:00:00.000Z",
    dialect: "openai",
    method: "POST",
    path: "/v1/chat/completions",
    model: "m",
    stream: false,
    headerNames: [],
    traceparent: null,
    requestId: null,
    credentialSha256: null,
    inputTokens: 1,
    outputTokens: 2,
    cachedTokens: 0,
    status: 200,
    finished: "complete",
    faulted: false,
    bytesIn: 3,
    startedMs: 0,
    endedMs: 0,
    ...fields,
  };
}

describe("Ledger", () => {
  it("pages by sequence and says what it no longer holds", () => {
    const ledger = new Ledger(undefined, 5);
    for (let index = 0; index < 12; index += 1) ledger.record(entry());
    const page = ledger.page(3, 2);
    expect(page.entries.map((item) => item.sequence)).toEqual([8, 9]);
    expect(page).toMatchObject({ nextAfter: 9, dropped: 4 });
    expect(ledger.page(9, 100).entries.map((item) => item.sequence)).toEqual([10, 11, 12]);
    expect(ledger.page(12, 100)).toMatchObject({ entries: [], nextAfter: 12, dropped: 0 });
    expect(ledger.totals()).toMatchObject({ requests: 12, inputTokens: 12, outputTokens: 24, bytesIn: 36 });
  });

  it("keeps counting sequences after it is cleared", () => {
    const ledger = new Ledger(undefined, 5);
    for (let index = 0; index < 7; index += 1) ledger.record(entry());
    ledger.clear();
    expect(ledger.totals()).toMatchObject({ requests: 0, lastSequence: 7 });
    ledger.record(entry({ finished: "cancelled", model: null }));
    expect(ledger.page(0, 10).entries.map((item) => item.sequence)).toEqual([8]);
    expect(ledger.totals()).toMatchObject({
      byFinished: { cancelled: 1, complete: 0 },
      byModel: { "(none)": { requests: 1 } },
    });
  });
});

describe("the ledger of a running server", () => {
  it("notes headers by name, trace and request id by value, and never the credential", async () => {
    client = await startTestClient();
    const headers = {
      traceparent: "00-aa-bb-01",
      "x-request-id": "r-1",
      authorization: "Bearer secret-canary",
      "x-other": "hidden",
    };
    await (await client.post("/v1/embeddings", { model: "e", input: "x" }, headers)).text();
    const [noted] = client.upstream.ledger.page(0, 1).entries;
    expect(noted).toMatchObject({ traceparent: "00-aa-bb-01", requestId: "r-1", path: "/v1/embeddings", bytesIn: 25 });
    expect(noted?.headerNames).toEqual(expect.arrayContaining(["authorization", "x-other"]));
    expect(noted?.credentialSha256).toMatch(/^[0-9a-f]{12}$/);
    expect(JSON.stringify(noted)).not.toMatch(/canary|hidden/);
  });

  it("conserves calls and tokens when half of the streams are cut by their clients", async () => {
    const test = await startTestClient();
    client = test;
    test.upstream.faults.set([{ match: { model: "paced" }, effect: { delayBetweenChunksMs: 2 } }]);
    let wordsReceived = 0;
    const call = async (index: number) => {
      const abort = new AbortController();
      const response = await test.chat({ model: "paced", stream: true, max_tokens: 60 }, undefined, abort.signal);
      const decoder = new TextDecoder();
      const reader = response.body?.getReader();
      let text = "";
      const wordsMax = index % 2 === 0 ? 1 + (index % 9) : Number.POSITIVE_INFINITY;
      for (;;) {
        const step = await reader?.read();
        if (step === undefined || step.done) break;
        text += decoder.decode(step.value, { stream: true });
        if (text.split('"content":"').length - 2 >= wordsMax) {
          abort.abort();
          break;
        }
      }
      wordsReceived += Math.ceil(contentOf(text).length / 4);
    };
    await Promise.all(Array.from({ length: 40 }, (_, index) => call(index)));
    await vi.waitFor(() => expect(test.upstream.ledger.inFlight).toBe(0));
    const totals = test.upstream.ledger.totals();
    const { entries } = test.upstream.ledger.page(0, 100);
    expect(totals).toMatchObject({ requests: 40, byFinished: { complete: 20, cancelled: 20, reset: 0, failed: 0 } });
    expect(entries.reduce((sum, item) => sum + item.outputTokens, 0)).toBe(totals.outputTokens);
    for (const item of entries) {
      expect(item.inputTokens).toBe(14);
      if (item.finished === "complete") expect(item.outputTokens).toBe(60);
      else expect(item.outputTokens).toBeLessThan(60);
    }
    expect(totals.outputTokens).toBeGreaterThanOrEqual(wordsReceived);
  });

  it("appends every entry to its file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "demo-ledger-"));
    try {
      const path = join(folder, "ledger.jsonl");
      const test = await startTestClient(path);
      await Promise.all([test.chat({}), test.chat({}), test.chat({})]);
      const held = test.upstream.ledger.page(0, 10).entries;
      await test.upstream.close();
      const lines = readFileSync(path, "utf8").trim().split("\n");
      expect(lines.map((line) => JSON.parse(line))).toEqual(held);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("settles what is cut when the server closes", async () => {
    const test = await startTestClient();
    const call = test.chat({ stream: true }, { stallAfterChunks: 1 });
    const response = await call;
    await test.upstream.close();
    await expect(response.text()).rejects.toThrow();
    expect(test.upstream.ledger.totals()).toMatchObject({ inFlight: 0, byFinished: { cancelled: 1 } });
  });
});

function contentOf(text: string): string {
  return [...text.matchAll(/"content":"([^"]*)"/g)].map((match) => match[1]).join("");
}
