import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestClient, type TestClient } from "./test-client.ts";

let client: TestClient;

beforeAll(async () => {
  client = await startTestClient();
});
afterAll(() => client.upstream.close());

const control = (path: string, options: RequestInit = {}) => fetch(`${client.upstream.url}${path}`, options);

describe("control endpoints", () => {
  it("serve the ledger and its totals, and clear it", async () => {
    await (await client.chat({})).text();
    await (await client.chat({})).text();
    const page = await (await control("/__ledger?after=1&limit=5")).json();
    expect(page.entries).toHaveLength(1);
    expect(page.entries[0]).toMatchObject({ sequence: 2, model: "demo-small", finished: "complete" });
    expect(await (await control("/__ledger/totals")).json()).toMatchObject({ requests: 2, inFlight: 0 });
    await control("/__ledger", { method: "DELETE" });
    expect(await (await control("/__ledger/totals")).json()).toMatchObject({ requests: 0 });
    expect((await control("/__ledger?limit=x")).status).toBe(400);
  });

  it("set, show and clear fault rules", async () => {
    const rules = [{ match: { model: "demo-small" }, effect: { status: 500 } }];
    const set = await control("/__faults", { method: "POST", body: JSON.stringify(rules) });
    expect(set.status).toBe(200);
    expect((await client.chat({})).status).toBe(500);
    expect(await (await control("/__faults")).json()).toMatchObject({ rules: [{ matched: 1, applied: 1 }] });
    await control("/__faults", { method: "DELETE" });
    expect((await client.chat({})).status).toBe(200);
    expect((await control("/__faults", { method: "POST", body: "[{]" })).status).toBe(422);
    expect((await control("/__nothing")).status).toBe(404);
  });

  it.each([
    ["a credential", { authorization: "Bearer k" }],
    ["an origin", { origin: "http://localhost:3000" }],
    ["a forwarding header", { "x-forwarded-for": "10.0.0.1" }],
  ])("refuse a request with %s", async (_, headers) => {
    expect((await control("/__ledger", { headers })).status).toBe(403);
  });
});

describe("the plain REST echo", () => {
  it("says what reached it, and no header values", async () => {
    const response = await client.post("/rest/orders/7?open=1", { a: 1 }, { "x-secret": "hidden" });
    const answer = await response.json();
    expect(answer).toMatchObject({ method: "POST", path: "/rest/orders/7", query: { open: "1" }, bodyBytes: 7 });
    expect(answer.headerNames).toContain("x-secret");
    expect(JSON.stringify(answer)).not.toContain("hidden");
  });
});

describe("body limit", () => {
  it("refuses more than 64 MiB without reading it", async () => {
    const { request } = await import("node:http");
    const status = await new Promise((resolve, reject) => {
      const headers = { authorization: "Bearer k", "content-length": String(64 * 1024 * 1024 + 1) };
      const call = request(`${client.upstream.url}/v1/embeddings`, { method: "POST", headers }, (response) => {
        resolve(response.statusCode);
        call.destroy();
      });
      call.on("error", reject);
      call.write("{");
    });
    expect(status).toBe(413);
  });
});
