import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cpDown } from "#e2e/chaos/cp-down.ts";
import { publish } from "#e2e/chaos/publish.ts";
import { revoke } from "#e2e/chaos/revoke.ts";
import { demoLedger } from "#e2e/support/demo-ledger.ts";
import { type ManagementApi, managementApi } from "#e2e/support/management-api.ts";
import { type StartedTurnpike, startTurnpike } from "#e2e/support/turnpike.ts";
import { waitUntil } from "#e2e/support/wait-until.ts";

let turnpike: StartedTurnpike;
let api: ManagementApi;

beforeAll(async () => {
  turnpike = await startTurnpike();
  api = managementApi(turnpike.consoleUrl, turnpike.token);
}, 300_000);
afterAll(async () => turnpike?.remove(), 60_000);

describe("the main job, on the real programs", () => {
  it("upstream, plan, route, consumer and key by REST, publish, and the official SDK answers", {
    timeout: 60_000,
  }, async () => {
    const ledger = demoLedger(turnpike.homeDir);
    const upstream = await api.must("POST", "/upstreams", {
      name: "first",
      provider: "openai",
      baseUrl: `${ledger.url}/v1`,
      allowPrivateNetwork: true,
      credential: { kind: "apiKey", secret: "sk-test-upstream-secret" },
    });
    expect(JSON.stringify(upstream)).not.toContain("sk-test-upstream-secret");
    const plan = await api.must("POST", "/plans", {
      name: "gold",
      rateLimits: [{ metric: "requests", limit: 1_000, windowSeconds: 60 }],
      routes: ["*"],
    });
    await api.must("POST", "/routes", {
      name: "smart",
      version: "1.0.0",
      strategy: "round_robin",
      targets: [{ upstreamId: upstream.id, model: "gpt-4o" }],
    });
    const draft = await api.call("GET", "/draft");
    expect(draft.body).toMatchObject({ valid: true, problems: [] });
    const revision = await api.must(
      "POST",
      "/revisions",
      { note: "smart" },
      { "if-match": draft.headers.get("etag") ?? "" },
    );
    const team = await api.must("POST", "/teams", { name: "Checkout" });
    const consumer = await api.must("POST", "/consumers", { name: "checkout-bot", teamId: team.id, planId: plan.id });
    const key = await api.must("POST", `/consumers/${consumer.id}/api-keys`, { name: "prod", expiresAt: null });
    expect(key.secret).toMatch(/^tp_[0-9A-Za-z]{39}$/);
    await waitUntil(`revision ${revision.number} on the node`, 5_000, async () => {
      const { data } = await api.must("GET", "/nodes");
      return data.every((node: { appliedRevision: number }) => node.appliedRevision === revision.number) || undefined;
    });

    const client = new OpenAI({ baseURL: `${turnpike.gatewayUrl}/v1`, apiKey: key.secret, maxRetries: 0 });
    const { data: answer, response } = await client.chat.completions
      .create({ model: "smart", messages: [{ role: "user", content: "Hello" }] })
      .withResponse();
    expect(answer.choices[0]?.message.content).toBeTruthy();
    expect(response.headers.get("x-turnpike-route")).toBe("smart@1.0.0");
    expect(response.headers.get("x-turnpike-revision")).toBe(String(revision.number));
    const id = response.headers.get("x-request-id") ?? "";

    let streamed = "";
    for await (const chunk of await client.chat.completions.create({
      model: "smart",
      stream: true,
      messages: [{ role: "user", content: "Hello" }],
    })) {
      streamed += chunk.choices[0]?.delta.content ?? "";
      expect(chunk.usage ?? null).toBeNull();
    }
    expect(streamed.length).toBeGreaterThan(5);
    const embedding = await client.embeddings.create({ model: "smart", input: "a text" });
    expect(embedding.data[0]?.embedding.length).toBeGreaterThan(10);
    expect((await client.models.list()).data.map((model) => model.id)).toContain("smart");

    const logged = await waitUntil("the call in the request log", 5_000, async () => {
      const row = await api.call("GET", `/requests/${id}`);
      return row.status === 200 ? row.body : undefined;
    });
    const served = (await ledger.entries()).find((entry) => entry.requestId === id);
    expect(served).toBeDefined();
    expect(logged).toMatchObject({
      status: 200,
      route: "smart",
      inputTokens: served?.inputTokens,
      outputTokens: served?.outputTokens,
    });
    expect(logged.decision.stages.map((stage: { stage: string }) => stage.stage)).toEqual(
      expect.arrayContaining(["identify", "authorize", "limit", "route"]),
    );
    const usage = await waitUntil("the calls in the usage sums", 5_000, async () => {
      const sums = await api.must("GET", `/usage?interval=hour&groupBy=consumer&consumerId=${consumer.id}`);
      return sums.totals.requests === 4 ? sums : undefined; // two chats, the embedding and the list of models
    });
    expect(usage.totals.errors).toBe(0);
  });

  it("publishing reaches the node within half a second", { timeout: 60_000 }, async () => {
    const verdict = await publish(turnpike, 20);
    expect(verdict.violations, JSON.stringify(verdict)).toBe(0);
  });

  it("a revoked key is refused within a second", { timeout: 60_000 }, async () => {
    const verdict = await revoke(turnpike, 20);
    expect(verdict.violations, JSON.stringify(verdict)).toBe(0);
  });

  it("no call fails and no event is lost or doubled while the control plane and PostgreSQL are killed", {
    timeout: 180_000,
  }, async () => {
    const verdict = await cpDown(turnpike, { seconds: 15 });
    expect(verdict.figures.kills).toBeGreaterThan(1);
    expect(verdict.violations, JSON.stringify(verdict)).toBe(0);
  });

  it("a second start resumes with the same data", { timeout: 120_000 }, async () => {
    await turnpike.stop();
    const startedMs = performance.now();
    await turnpike.restart();
    expect(performance.now() - startedMs).toBeLessThan(30_000);
    const client = new OpenAI({ baseURL: `${turnpike.gatewayUrl}/v1`, apiKey: turnpike.apiKey, maxRetries: 0 });
    const answer = await client.chat.completions.create({
      model: "demo",
      messages: [{ role: "user", content: "Hello again" }],
    });
    expect(answer.choices[0]?.message.content).toBeTruthy();
  });
});
