import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addConsumer, plan, route, target, until, version } from "#gateway/testing/fixtures.ts";
import { Harness } from "#gateway/testing/harness.ts";
import { completion } from "#gateway/testing/upstream.ts";
import { newSecret } from "#lib/contract/api-key-format.ts";
import { CacheRule } from "#lib/contract/cache-rule.ts";

let harness: Harness;
const BODY = JSON.stringify({ model: "smart", messages: [] });
const CHAT = "/v1/chat/completions";

beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness.stop());

function code(text: string): unknown {
  return JSON.parse(text).error.code;
}

describe("keys", () => {
  it.each(["authorization", "Authorization", "x-api-key", "api-key", "x-goog-api-key"])(
    "takes one in %s",
    async (name) => {
      const value = name.toLowerCase() === "authorization" ? `Bearer ${harness.secret}` : harness.secret;
      expect((await harness.send(CHAT, BODY, { [name]: value })).status).toBe(200);
    },
  );

  it("takes the same key twice and refuses two different ones", async () => {
    const both = { authorization: `Bearer ${harness.secret}`, "x-api-key": harness.secret };
    expect((await harness.send(CHAT, BODY, both)).status).toBe(200);
    const two = { authorization: `Bearer ${harness.secret}`, "x-api-key": newSecret("tp_") };
    const refused = await harness.send(CHAT, BODY, two);
    expect([refused.status, code(refused.text)]).toEqual([401, "invalid_api_key"]);
    const twice = await harness.send(CHAT, BODY, { "x-api-key": [harness.secret, newSecret("tp_")] });
    expect(twice.status).toBe(401);
  });

  it.each<[string, Record<string, string>]>([
    ["none", {}],
    ["one that is malformed", { authorization: "Bearer tp_nonsense" }],
    ["one with a wrong checksum", { authorization: `Bearer ${newSecret("tp_").slice(0, -1)}!` }],
    ["one that was never issued", { authorization: `Bearer ${newSecret("tp_")}` }],
    ["another scheme", { authorization: "Basic dXNlcjpwdw==" }],
  ])("refuses %s with 401 before it reads the body", async (_, headers) => {
    const answer = await harness.send(CHAT, "not json", headers);
    expect([answer.status, code(answer.text)]).toEqual([401, "invalid_api_key"]);
    expect(answer.headers["x-request-id"]).toMatch(/^req_[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
  });

  it("refuses a key that has expired", async () => {
    const secret = addConsumer(
      harness.plane,
      "con_late",
      {},
      { expiresAt: new Date(Date.now() - 1_000).toISOString() },
    );
    await until("the key has come", async () => code((await harness.chat("smart", {}, secret)).text) === "key_expired");
  });

  it("refuses a revoked key within a second, and the one beside it not", async () => {
    const secret = addConsumer(harness.plane, "con_gone");
    await until("the key works", async () => (await harness.chat("smart", {}, secret)).status === 200);
    harness.plane.change({ kind: "apiKey", sequence: 1, id: "key_con_gone", body: null });
    await until("the key is refused", async () => (await harness.chat("smart", {}, secret)).status === 401, 1_000);
    expect((await harness.chat("smart")).status).toBe(200);
  });
});

describe("a key that is revoked during its call", () => {
  const isRefused = async (secret: string) =>
    (await harness.send("/v1/models", null, { authorization: `Bearer ${secret}` })).status === 401;
  const revoke = async (secret: string, id: string): Promise<void> => {
    harness.plane.change({ kind: "apiKey", sequence: 1, id, body: null });
    await until("the key is refused", () => isRefused(secret), 1_000);
  };

  it("starts nothing at an upstream when its body arrives at last", async () => {
    const secret = addConsumer(harness.plane, "con_slow");
    await until("the key works", async () => !(await isRefused(secret)));
    const answer = new Promise<number>((resolve, reject) => {
      const outgoing = request(`${harness.origin}${CHAT}`, {
        method: "POST",
        headers: { authorization: `Bearer ${secret}` },
        agent: false,
      });
      outgoing.on("response", (incoming) => resolve(incoming.resume().statusCode ?? 0)).on("error", reject);
      outgoing.write('{"model":"smart",');
      setTimeout(() => {
        revoke(secret, "key_con_slow").then(() => outgoing.end('"messages":[]}'), reject);
      }, 50);
    });
    const before = harness.first.received.length;
    expect(await answer).toBe(401);
    expect(harness.first.received.length).toBe(before);
  });

  it("hears no answer of an identical call that it waited for", async () => {
    const base = harness.document();
    const cache = CacheRule.parse({ ttlSeconds: 60, scope: "team" });
    await harness.publish({
      ...base,
      routes: [...base.routes, route("kept", [version([target("ups_1")], { cache })])],
    });
    const secret = addConsumer(harness.plane, "con_waits");
    await until("the key works", async () => !(await isRefused(secret)));
    let land = (): void => {};
    const landing = new Promise<void>((resolve) => {
      land = resolve;
    });
    const received = harness.first.received.length;
    harness.first.answer = async (response, asked) => {
      await landing;
      await completion(response, asked);
    };
    const leader = harness.chat("kept");
    await until("the first call is under way", () => harness.first.received.length === received + 1);
    const follower = harness.chat("kept", {}, secret);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await revoke(secret, "key_con_waits");
    land();
    expect([(await leader).status, (await follower).status]).toEqual([200, 401]);
    harness.first.answer = completion;
  });
});

describe("what a consumer may call", () => {
  it.each<[string, Parameters<typeof addConsumer>[2], Parameters<typeof addConsumer>[3], string, number, string]>([
    ["con_s", { suspendedReason: "unpaid" }, {}, "smart", 403, "consumer_suspended"],
    ["con_p", { planId: "pln_nowhere" }, {}, "smart", 403, "model_not_allowed"],
    ["con_m", { minRevision: 1_000 }, {}, "smart", 503, "revision_behind"],
    ["con_n", { planId: "pln_narrow" }, {}, "smart", 403, "model_not_allowed"],
    ["con_k", {}, { routes: ["pair"] }, "smart", 403, "model_not_allowed"],
    ["con_f", {}, {}, "nowhere", 404, "model_not_found"],
    ["con_r", {}, {}, "old@1", 410, "version_retired"],
    ["con_v", {}, {}, "smart@9", 404, "model_not_found"],
  ])("%s: %j %j asking for %s gets %i %s", async (id, consumer, key, model, status, expected) => {
    const old = route("old", [
      version([target("ups_1")], { status: "retired", successor: "2.0.0" }),
      version([target("ups_1", { id: "tgt_2" })], { version: "2.0.0" }),
    ]);
    const base = harness.document();
    const plans = [plan("pln_open"), plan("pln_narrow", { routes: ["pair"] })];
    await harness.publish({ ...base, routes: [...base.routes, old], plans });
    const secret = addConsumer(harness.plane, id, consumer, key);
    await until("the consumer is known", async () => (await harness.chat("nowhere", {}, secret)).status !== 401);
    const before = harness.first.received.length;
    const answer = await harness.chat(model, {}, secret);
    expect([answer.status, code(answer.text)]).toEqual([status, expected]);
    expect(harness.first.received.length).toBe(before);
    expect(await harness.event(answer)).toMatchObject({ outcome: "denied", errorCode: expected, consumerId: id });
    if (expected === "version_retired") expect(answer.text).toContain("old@2.0.0");
  });

  it("says of a deprecated version when it goes and what follows it", async () => {
    const base = harness.document();
    const aging = version([target("ups_1")], {
      status: "deprecated",
      deprecatedAt: "2026-01-01T00:00:00Z",
      sunsetAt: "2027-01-01T00:00:00Z",
      successor: "2.0.0",
    });
    const routes = [route("aging", [aging, version([target("ups_1")], { version: "2.0.0" })]), ...base.routes];
    await harness.publish({ ...base, routes });
    const answer = await harness.chat("aging");
    expect(answer.headers).toMatchObject({
      deprecation: "@1767225600",
      sunset: "Fri, 01 Jan 2027 00:00:00 GMT",
      link: '</v1/models/aging%402.0.0>; rel="successor-version"',
      "x-turnpike-route": "aging@1.0.0",
    });
    const pinned = { authorization: `Bearer ${harness.secret}`, "x-api-version": "2" };
    const next = await harness.send(CHAT, BODY.replace("smart", "aging"), pinned);
    expect(next.headers["x-turnpike-route"]).toBe("aging@2.0.0");
    expect(next.headers.deprecation).toBeUndefined();
  });
});

describe("requests that are not calls", () => {
  it.each<[string, string, string | null, number, string]>([
    ["GET", CHAT, null, 405, "method_not_allowed"],
    ["POST", "/v1/models", "{}", 405, "method_not_allowed"],
    ["POST", "/v1/files", "{}", 404, "not_supported"],
    ["GET", "/v1/batches/b1", null, 404, "not_supported"],
    ["POST", "/v1/fine_tuning/jobs", "{}", 404, "not_supported"],
    ["GET", "/v1/realtime", null, 404, "not_supported"],
    ["POST", "/v1/chat/completions/", "{}", 404, "not_found"],
    ["GET", "/", null, 404, "not_found"],
    ["POST", CHAT, "", 400, "invalid_request"],
    ["POST", CHAT, "[]", 400, "invalid_request"],
    ["POST", CHAT, '{"model":1}', 400, "invalid_request"],
    ["POST", CHAT, '{"messages":[]}', 400, "invalid_request"],
    ["POST", CHAT, '{"model":"a","m\\u006fdel":"b"}', 400, "invalid_request"],
    ["POST", CHAT, `{"model":"smart","x":${"[".repeat(100_000)}`, 400, "invalid_request"],
  ])("%s %s %s gets %i %s", async (method, path, body, status, expected) => {
    const headers = { authorization: `Bearer ${harness.secret}` };
    const answer = await harness.send(path, body, headers, method);
    expect([answer.status, code(answer.text)]).toEqual([status, expected]);
  });

  it("refuses a body that says it is too long without reading it, and one that proves to be", async () => {
    const headers = { authorization: `Bearer ${harness.secret}` };
    const long = Buffer.alloc(33 * 1_024 * 1_024, 0x20);
    const chunked = await harness.send(CHAT, long, { ...headers, "transfer-encoding": "chunked" }).catch(() => null);
    expect([null, 413]).toContain(chunked?.status ?? null);
    const announced = await harness.send(CHAT, "{", { ...headers, "content-length": String(long.length) });
    expect([announced.status, code(announced.text)]).toEqual([413, "request_too_large"]);
    expect((await harness.chat("smart")).status).toBe(200);
  });

  it("refuses a content-encoding", async () => {
    const answer = await harness.send(CHAT, BODY, { "x-api-key": harness.secret, "content-encoding": "gzip" });
    expect([answer.status, code(answer.text)]).toEqual([415, "unsupported_encoding"]);
  });
});
