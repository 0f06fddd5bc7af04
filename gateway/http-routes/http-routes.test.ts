import { get } from "node:http";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startDemoUpstream } from "#demo/upstream/server.ts";
import { addConsumer, plan, route, target, until, upstream, version } from "#gateway/testing/fixtures.ts";
import { Harness, type RawAnswer } from "#gateway/testing/harness.ts";
import { status } from "#gateway/testing/upstream.ts";
import { CacheRule } from "#lib/contract/cache-rule.ts";
import { HttpRule } from "#lib/contract/http-rule.ts";
import type { RouteDocument } from "#lib/contract/policy-document.ts";

let harness: Harness;
const SECRET = "sk-first-secret-of-the-upstream";

function api(name: string, rule: object, more: object = {}, targets = [target("ups_1", { model: "" })]): RouteDocument {
  const http = HttpRule.parse({ methods: ["GET", "POST"], paths: ["/**"], ...rule });
  return { ...route(name, [version(targets, { http, ...more })]), kind: "http" };
}

function document() {
  const upstreams = [
    upstream("ups_1", harness.first.url, { provider: "rest" }),
    upstream("ups_2", harness.second.url, {
      provider: "rest",
      options: { credentialIn: "query", credentialName: "key" },
    }),
    upstream("ups_llm", harness.second.url),
  ];
  const strict = { methods: ["GET", "HEAD"], paths: ["/v1/users/{id}", "/search/**"], stripPrefix: "/v1" };
  const headers = {
    requestHeaders: { set: { "x-tenant": "acme" }, remove: ["x-debug"] },
    responseHeaders: { set: { "x-frame-options": "DENY" }, remove: ["x-internal"] },
    query: { set: { format: "json" }, remove: ["debug"] },
  };
  const routes = [
    api("open", { methods: ["GET", "HEAD", "POST", "PUT", "DELETE"] }, { retry: { attempts: 3 } }),
    api("strict", strict),
    api("rewritten", headers),
    api("keyed", {}, {}, [target("ups_2", { model: "" })]),
    api("kept", {}, { cache: CacheRule.parse({ ttlSeconds: 60 }) }),
    route("chat", [version([target("ups_llm")])]),
  ];
  const plans = [plan("pln_open"), plan("pln_chat", { routes: ["chat"] })];
  return harness.document({ upstreams, routes, plans });
}

beforeAll(async () => {
  harness = await Harness.start();
  await harness.publish(document());
});
afterAll(() => harness.stop());
beforeEach(() => {
  harness.first.received.length = 0;
  harness.second.received.length = 0;
  harness.first.answer = status(200, '{"ok":true}');
  harness.second.answer = status(200, '{"ok":true}');
});

function call(path: string, method = "GET", body: string | Buffer | null = null, headers: Record<string, string> = {}) {
  return harness.send(`/apis/${path}`, body, { authorization: `Bearer ${harness.secret}`, ...headers }, method);
}
/** The status of a GET whose path goes out as it is written. */
function rawStatus(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${harness.secret}` };
    const { port } = harness.node;
    get({ port, host: "127.0.0.1", path, headers, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    }).on("error", reject);
  });
}
const codeOf = (answer: RawAnswer) => JSON.parse(answer.text).code;

describe("a REST call", () => {
  it("goes to the upstream as it came, and its answer comes back as it is", async () => {
    const body = gzipSync("hello");
    harness.first.answer = (response, received) => {
      response.writeHead(201, { "content-type": "application/x-thing", "content-encoding": "gzip", etag: '"1"' });
      response.end(received.method === "POST" ? gzipSync("made") : "");
    };
    const answer = await call("open/a/b%20c?x=1&y=%2F", "POST", body, {
      "content-type": "application/x-thing",
      "content-encoding": "gzip",
      cookie: "session=1",
      "x-forwarded-for": "10.0.0.1",
      "x-custom": "yes",
    });
    expect(answer.status).toBe(201);
    expect(answer.headers).toMatchObject({
      "content-type": "application/x-thing",
      "content-encoding": "gzip",
      etag: '"1"',
    });
    const [received] = harness.first.received;
    expect(received).toMatchObject({ method: "POST", path: "/v1/a/b%20c?x=1&y=%2F" });
    expect(received?.headers).toMatchObject({
      authorization: `Bearer ${SECRET}`,
      "content-type": "application/x-thing",
      "content-encoding": "gzip",
      "content-length": String(body.length),
      "x-custom": "yes",
    });
    expect(received?.headers.cookie).toBeUndefined();
    expect(received?.headers["x-forwarded-for"]).toBeUndefined();
    const event = await harness.event(answer);
    expect(event).toMatchObject({
      action: "http",
      route: "open",
      requestedModel: "open",
      provider: "rest",
      model: null,
      outcome: "ok",
      status: 201,
      usage: { source: "none" },
      costNanos: "0",
    });
    const facts = event.decision.stages.find((stage) => stage.stage === "forward")?.facts;
    expect(facts).toEqual({ requestBytes: body.length, answerBytes: gzipSync("made").length });
    expect(JSON.stringify(event)).not.toContain("b%20c");
  });

  it("streams, and HEAD has a length without a body", async () => {
    harness.first.answer = async (response) => {
      response.writeHead(200, { "content-type": "text/plain" });
      for (let place = 0; place < 50; place++) {
        if (!response.write("x".repeat(65_536))) await new Promise((resolve) => response.once("drain", resolve));
      }
      response.end();
    };
    const answer = await call("open/large");
    expect(answer.text.length).toBe(50 * 65_536);
    harness.first.answer = (response) => {
      response.writeHead(200, { "content-length": "123" }).end();
    };
    const head = await call("open/large", "HEAD");
    expect(head).toMatchObject({ status: 200, text: "" });
    expect(head.headers["content-length"]).toBe("123");
  });

  it("is cut when the upstream breaks off", async () => {
    harness.first.answer = (response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half", () => response.destroy());
    };
    expect((await call("open/x")).isCut).toBe(true);
  });

  it("has no other method, address or credential by way of a header, however it is spelled", async () => {
    const sent = {
      "x-http-method-override": "DELETE",
      "x-http-method": "DELETE",
      "x-method-override": "DELETE",
      "x-original-uri": "/admin",
      "x-host": "evil.example",
      x_http_method_override: "DELETE",
      x_forwarded_for: "10.0.0.1",
      x_turnpike_route: "other",
      x_api_key: "mine",
    };
    expect((await call("open/x", "GET", null, sent)).status).toBe(200);
    const names = Object.keys(harness.first.received[0]?.headers ?? {});
    expect(names.filter((name) => name in sent)).toEqual([]);
  });

  it("knows only its paths and methods", async () => {
    expect((await call("strict/v1/users/7")).status).toBe(200);
    expect(harness.first.received[0]?.path).toBe("/v1/users/7");
    expect((await call("strict/search/deep/er?q=1")).status).toBe(200);
    expect(harness.first.received[1]?.path).toBe("/v1/search/deep/er?q=1");
    const wrongMethod = await call("strict/v1/users/7", "POST", "{}");
    expect(wrongMethod).toMatchObject({ status: 405 });
    expect(wrongMethod.headers).toMatchObject({ allow: "GET, HEAD", "content-type": "application/problem+json" });
    const unknown = await call("strict/v1/admins/7");
    expect(unknown.status).toBe(404);
    expect(JSON.parse(unknown.text)).toMatchObject({ status: 404, code: "not_found", type: "about:blank" });
    for (const path of [
      "v1/users/..",
      "v1/users/%2e%2e",
      "v1//users/7",
      "search/a%2fb",
      "search/%252e%252e/x",
      "search/..;/x",
    ]) {
      expect(await rawStatus(`/apis/strict/${path}`)).toBe(400);
    }
    expect(await rawStatus(`http://127.0.0.1/apis/strict/search/x`)).toBe(404);
    expect(harness.first.received).toHaveLength(2);
  });

  it("has its headers and query rewritten", async () => {
    harness.first.answer = status(200, "{}", { "x-internal": "secret", "x-other": "1" });
    const answer = await call("rewritten/x?debug=1&a=2&format=xml", "GET", null, {
      "x-tenant": "evil",
      "x-debug": "1",
      x_tenant: "evil",
      x_debug: "1",
    });
    expect(harness.first.received[0]).toMatchObject({ path: "/v1/x?a=2&format=json" });
    expect(harness.first.received[0]?.headers["x-tenant"]).toBe("acme");
    for (const name of ["x-debug", "x_debug", "x_tenant"]) {
      expect(harness.first.received[0]?.headers[name]).toBeUndefined();
    }
    expect(answer.headers).toMatchObject({ "x-frame-options": "DENY", "x-other": "1" });
    expect(answer.headers["x-internal"]).toBeUndefined();
  });

  it("tells a new place as the caller can follow it, and no inner address", async () => {
    const placeOf = async (path: string, location: string) => {
      harness.first.answer = status(201, "{}", { location });
      return (await call(path)).headers.location;
    };
    const { origin } = new URL(harness.first.url);
    expect(await placeOf("open@1/users", `${origin}/v1/users/7?a=1`)).toBe("/apis/open@1/users/7?a=1");
    expect(await placeOf("strict/search/x", "/v1/users/7")).toBe("/apis/strict/v1/users/7");
    expect(await placeOf("open/users", "/v10/users/7")).toBeUndefined();
    expect(await placeOf("open/users", `${origin}/admin`)).toBeUndefined();
    expect(await placeOf("open/users", "https://elsewhere.example/x")).toBe("https://elsewhere.example/x");
    expect(await placeOf("open/users", "users/7")).toBe("users/7");
  });

  it("carries the credential in the query where the upstream wants it there", async () => {
    await call("keyed/x?key=mine&%6bey=other&a=1");
    const [received] = harness.second.received;
    expect(received?.path).toBe("/v1/x?a=1&key=sk-second-secret-of-the-upstream");
    expect(received?.headers.authorization).toBeUndefined();
  });
});

describe("the demo upstream's REST API", () => {
  it("says what reached it", async () => {
    const demo = await startDemoUpstream({ port: 0, host: "127.0.0.1" });
    const routes = [api("demo", { paths: ["/echo/{id}"], rewritePath: "/rest/{id}/echo", query: { set: { v: "2" } } })];
    const upstreams = [upstream("ups_1", demo.url, { provider: "rest" })];
    await harness.publish({ ...document(), upstreams, routes, plans: [plan("pln_open")] });
    const answer = await call("demo/echo/7?a=1", "POST", "hello", { "content-type": "text/plain", "x-custom": "1" });
    expect(JSON.parse(answer.text)).toMatchObject({
      method: "POST",
      path: "/rest/7/echo",
      query: { a: "1", v: "2" },
      bodyBytes: 5,
    });
    expect(JSON.parse(answer.text).headerNames).toEqual(expect.arrayContaining(["x-custom", "authorization"]));
    await demo.close();
    await harness.publish(document());
  });
});

describe("policies of a REST call", () => {
  it("decide who may call, which kind of route, and which version", async () => {
    const secret = addConsumer(harness.plane, "con_chat", { planId: "pln_chat" });
    await until("the key works", async () => (await harness.chat("chat", {}, secret)).status === 200);
    const denied = await harness.send("/apis/open/x", null, { authorization: `Bearer ${secret}` });
    expect([denied.status, codeOf(denied)]).toEqual([403, "route_not_allowed"]);
    const nobody = await harness.send("/apis/open/x", null, {});
    expect([nobody.status, codeOf(nobody)]).toEqual([401, "invalid_api_key"]);
    expect((await call("chat/x")).status).toBe(404);
    expect(await harness.chat("open")).toMatchObject({ status: 404 });
    expect((await call("open@1/x")).status).toBe(200);
    expect((await call("open@2/x")).status).toBe(404);
    expect((await call("open/x", "GET", null, { "x-api-version": "1.0.0" })).headers["x-turnpike-route"]).toBe(
      "open@1.0.0",
    );
    const upgrade = await call("open/x", "GET", null, { connection: "upgrade", upgrade: "websocket" });
    expect(upgrade.status).toBe(400);
    const models = await harness.send("/v1/models", null);
    expect(JSON.parse(models.text).data.map((model: { id: string }) => model.id)).toEqual(["chat"]);
  });

  it("try again only what may be done twice", async () => {
    harness.first.answer = status(503);
    expect(await call("open/x", "POST", "{}")).toMatchObject({ status: 502 });
    expect(harness.first.received).toHaveLength(1);
    harness.first.received.length = 0;
    let asked = 0;
    harness.first.answer = (response, received) => {
      asked += 1;
      return status(asked < 3 ? 503 : 200)(response, received);
    };
    expect((await call("open/x", "PUT", "{}")).status).toBe(200);
    expect(asked).toBe(3);
  });

  it("hand an upstream's refusal on, and keep what it says of the credential", async () => {
    harness.first.answer = status(404, '{"no":1}');
    const missing = await call("open/x");
    expect(missing).toMatchObject({ status: 404, text: '{"no":1}' });
    expect(await harness.event(missing)).toMatchObject({ outcome: "error", errorCode: "upstream_rejected" });
    harness.first.answer = status(401, "bad key");
    const refused = await call("open/x", "POST", "{}");
    expect([refused.status, codeOf(refused)]).toEqual([502, "upstream_error"]);
  });

  it("keep answers to GET as the upstream allows", async () => {
    const cacheOf = async (path: string, ...more: [string?, string?]) =>
      (await call(`kept/${path}`, more[0] ?? "GET", more[1] ?? null)).headers["x-turnpike-cache"];
    expect([await cacheOf("a?x=1"), await cacheOf("a?x=1"), await cacheOf("a?x=2")]).toEqual(["miss", "hit", "miss"]);
    expect(await cacheOf("a?x=1", "POST", "{}")).toBe("bypass");
    const barring: Record<string, string>[] = [
      { "cache-control": "no-store" },
      { vary: "x-tenant" },
      { "set-cookie": "a=1" },
    ];
    for (const headers of barring) {
      harness.first.answer = status(200, "{}", headers);
      const path = `b?${Object.keys(headers)[0]}`;
      expect([await cacheOf(path), await cacheOf(path)]).toEqual(["miss", "miss"]);
    }
    for (const code of [302, 206]) {
      harness.first.answer = status(code, "{}", { location: "https://elsewhere.example/login?for=me" });
      expect([await cacheOf(`d?${code}`), await cacheOf(`d?${code}`)]).toEqual(["miss", "miss"]);
    }
    harness.first.answer = status(200, '{"n":1}', { vary: "accept", "x-own": "1" });
    const first = await call("kept/c");
    const again = await call("kept/c");
    expect(again).toMatchObject({ text: first.text });
    expect(again.headers).toMatchObject({ "x-turnpike-cache": "hit", "x-own": "1", age: "0" });
  });
});
