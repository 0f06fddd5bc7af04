import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { addConsumer } from "#gateway/testing/fixtures.ts";
import { Harness, type RawAnswer } from "#gateway/testing/harness.ts";
import { completion, status } from "#gateway/testing/upstream.ts";
import { PolicyDocument } from "#lib/contract/policy-document.ts";
import { TEMPLATES } from "#lib/domain/template/catalogue.ts";
import { type ApiFixture, createApiFixture } from "./support/api-fixture.ts";

let api: ApiFixture;
let node: Harness;
let upstreamA = "";
let upstreamB = "";
let consumers = 0;
beforeAll(async () => {
  [api, node] = await Promise.all([createApiFixture(), Harness.start()]);
  upstreamA = await makeUpstream("first", node.first.url);
  upstreamB = await makeUpstream("second", node.second.url);
  const credential = (id: string, upstreamId: string) => ({
    id,
    upstreamId,
    kind: "apiKey" as const,
    secret: "sk-of-a-test",
  });
  node.plane.setCredentials([credential("cred_a", upstreamA), credential("cred_b", upstreamB)]);
});
afterAll(async () => {
  await node.stop();
  await api.remove();
});
beforeEach(() => {
  for (const upstream of [node.first, node.second]) {
    upstream.answer = completion;
    upstream.received.length = 0;
  }
});

async function makeUpstream(name: string, baseUrl: string): Promise<string> {
  const credential = { kind: "apiKey", secret: "sk-of-a-test" };
  const body = { name, provider: "openai", baseUrl, allowPrivateNetwork: true, credential };
  const response = await api.call("POST", "/upstreams", { as: "owner", body });
  expect(response.status).toBe(201);
  return (await response.json()).id;
}

async function post(path: string, body: unknown, as: "owner" | "operator" = "operator") {
  const response = await api.call("POST", `/policy-templates/${path}`, { as, body });
  return { status: response.status, body: await response.json() };
}

/** Applies a template to a draft that has nothing but upstreams, compiles the draft, and has the node run it. */
async function applied(name: string, parameters: Record<string, unknown>) {
  await api.owner.query(`DELETE FROM plan`);
  await api.owner.query(`DELETE FROM route`);
  const answer = await post(`${name}/apply`, { parameters });
  expect([name, answer.status, answer.body]).toEqual([name, 200, expect.objectContaining({ template: name })]);
  const draft = await (await api.call("GET", "/draft", { as: "operator" })).json();
  expect([name, draft.problems]).toEqual([name, []]);
  const published = await api.call("POST", "/revisions", { as: "operator", body: { note: name } });
  const { number } = await published.json();
  const revision = await (await api.call("GET", `/revisions/${number}`, { as: "operator" })).json();
  const document = PolicyDocument.parse(revision.document);
  // A plan, or a route, for the part that the template leaves to others.
  const base = node.document();
  const plans = [...document.plans, ...base.plans];
  const routes = [...document.routes, ...base.routes];
  await node.publish({ ...document, upstreams: [...document.upstreams, ...base.upstreams], plans, routes });
  return { resources: answer.body.resources, words: answer.body.words };
}

/** A new consumer's key, on a plan of the draft or on one that allows everything. */
async function consumerOn(planName?: string): Promise<string> {
  const { rows } = await api.owner.query(`SELECT id FROM plan WHERE name = $1`, [planName ?? ""]);
  consumers += 1;
  const secret = addConsumer(node.plane, `con_template_${consumers}`, { planId: rows[0]?.id ?? "pln_open" });
  for (let tries = 0; tries < 500; tries++) {
    const known = await node.send("/v1/models", null, { authorization: `Bearer ${secret}` });
    if (known.status === 200) return secret;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("The key did not come to the node");
}

async function statuses(count: number, call: () => Promise<RawAnswer>): Promise<number[]> {
  const seen: number[] = [];
  for (let number = 0; number < count; number++) seen.push((await call()).status);
  return seen;
}

/** What each template does at a node, once it is applied. */
const ENFORCED: Record<string, () => Promise<void>> = {
  "strict-access": async () => {
    await applied("strict-access", { planName: "plan", upstream: upstreamA, model: "gpt-4o-mini", callsPerMinute: 2 });
    const secret = await consumerOn("plan");
    expect((await node.chat("smart", {}, secret)).status).toBe(403);
    expect(await statuses(3, () => node.chat("strict", {}, secret))).toEqual([200, 200, 429]);
  },
  "fair-limits": async () => {
    await applied("fair-limits", { callsPerMinute: 100, tokensPerMinute: 60, atOnce: 1 });
    const secret = await consumerOn("fair");
    // Each answer of the upstream uses 52 tokens.
    const answers = [await node.chat("smart", {}, secret), await node.chat("smart", {}, secret)];
    answers.push(await node.chat("smart", {}, secret));
    expect(answers.map((answer) => answer.status)).toContain(429);
    const other = await consumerOn("fair");
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    node.first.answer = async (response, received) => {
      await held;
      await completion(response, received);
    };
    const first = node.chat("smart", {}, other);
    while (!node.first.received.some(({ body }) => body.includes("Say hello") && node.first.received.length > 0)) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const second = await node.chat("smart", {}, other);
    release();
    expect([second.status, (await first).status]).toEqual([429, 200]);
  },
  tiers: async () => {
    const { resources } = await applied("tiers", { prefix: "t", callsPerMinute: 1, tokensPerDay: 1_000_000 });
    expect(resources.map((each: { name: string }) => each.name)).toEqual(["t free", "t team", "t business"]);
    const [free, team] = [await consumerOn("t free"), await consumerOn("t team")];
    expect(await statuses(2, () => node.chat("smart", {}, free))).toEqual([200, 429]);
    expect(await statuses(3, () => node.chat("smart", {}, team))).toEqual([200, 200, 200]);
  },
  "spread-load": async () => {
    await applied("spread-load", { upstreamA, modelA: "gpt-4o-mini", upstreamB, modelB: "gpt-4o-mini" });
    const secret = await consumerOn();
    node.first.answer = status(500);
    expect(await statuses(6, () => node.chat("spread", {}, secret))).toEqual([200, 200, 200, 200, 200, 200]);
    node.first.answer = completion;
    node.second.answer = status(500);
    expect((await node.chat("spread", {}, secret)).status).toBe(200);
  },
  failover: async () => {
    await applied("failover", {
      upstreamA,
      modelA: "gpt-4o-mini",
      upstreamB,
      modelB: "gpt-4o-mini",
      firstByteSeconds: 1,
    });
    const secret = await consumerOn();
    expect(await statuses(4, () => node.chat("failover", {}, secret))).toEqual([200, 200, 200, 200]);
    expect([node.first.received.length, node.second.received.length]).toEqual([4, 0]);
    node.first.answer = () => {};
    expect((await node.chat("failover", {}, secret)).headers["x-turnpike-upstream"]).toBe("second");
  },
  "cached-answers": async () => {
    await applied("cached-answers", { upstream: upstreamA, model: "gpt-4o-mini", minutes: 1 });
    const secret = await consumerOn();
    const answers = [await node.chat("cached", {}, secret), await node.chat("cached", {}, secret)];
    expect(answers.map((answer) => answer.headers["x-turnpike-cache"])).toEqual(["miss", "hit"]);
    expect(node.first.received).toHaveLength(1);
  },
  "new-version": async () => {
    await applied("new-version", {
      upstreamA,
      modelA: "gpt-4o-mini",
      upstreamB,
      modelB: "gpt-4o-mini",
      sunsetDays: 30,
    });
    const secret = await consumerOn();
    const [newest, old] = [await node.chat("versioned", {}, secret), await node.chat("versioned@1.0.0", {}, secret)];
    expect([newest, old].map((answer) => answer.headers["x-turnpike-route"])).toEqual([
      "versioned@2.0.0",
      "versioned@1.0.0",
    ]);
    expect([newest.headers.sunset, newest.headers["x-turnpike-upstream"]]).toEqual([undefined, "second"]);
    const days = (Date.parse(String(old.headers.sunset)) - Date.now()) / 86_400_000;
    expect([old.headers["x-turnpike-upstream"], Math.round(days)]).toEqual(["first", 30]);
  },
  guarded: async () => {
    await applied("guarded", { upstream: upstreamA, model: "gpt-4o-mini", promptKilobytes: 1, outputTokens: 50 });
    const secret = await consumerOn();
    const says = (content: string, more = {}) =>
      node.chat("guarded", { messages: [{ role: "user", content }], ...more }, secret);
    expect((await says("x".repeat(2_000))).status).toBe(400);
    expect((await says(`my key is AKIA${"IOSFODNN7EXAMPLA"}`)).status).toBe(400);
    expect(node.first.received).toHaveLength(0);
    expect((await says("write to ada@example.com", { max_tokens: 5_000 })).status).toBe(200);
    const sent = JSON.parse(node.first.received[0]?.body ?? "{}");
    expect([sent.max_tokens, sent.messages[0].content]).toEqual([50, "write to [email]"]);
  },
};

describe("policy templates", () => {
  it("are each tried at a node below", () => {
    expect(Object.keys(ENFORCED).toSorted()).toEqual(TEMPLATES.map(({ name }) => name).toSorted());
  });

  it.each(Object.keys(ENFORCED))(
    "%s, applied to an empty draft, is enforced by a node",
    { timeout: 40_000 },
    async (name) => {
      await ENFORCED[name]?.();
    },
  );

  it("change nothing that is there, and say what that is", async () => {
    await applied("tiers", { prefix: "same" });
    const before = await api.owner.query(`SELECT id, version FROM plan ORDER BY id`);
    const again = await post("tiers/apply", { parameters: { prefix: "same", callsPerMinute: 9 } });
    expect([again.status, again.body.code, again.body.errors]).toEqual([
      409,
      "name_taken",
      ["same free", "same team", "same business"].map((name) => ({
        pointer: "/parameters/prefix",
        code: "name_taken",
        detail: expect.stringContaining(`“${name}”`),
      })),
    ]);
    // One of three there: none of the others is made either.
    await api.owner.query(`DELETE FROM plan WHERE name <> 'same team'`);
    expect((await post("tiers/apply", { parameters: { prefix: "same" } })).status).toBe(409);
    expect((await api.owner.query(`SELECT id FROM plan`)).rows).toHaveLength(1);
    expect(before.rows).toHaveLength(3);
  });

  it("say in words what they would make, with what stands in the way, and make nothing", async () => {
    await api.owner.query(`DELETE FROM route`);
    const parameters = { upstreamA, modelA: "gpt-4o-mini", upstreamB, modelB: "gpt-4.1" };
    const preview = await post("failover/preview", { parameters });
    expect(preview.body).toEqual({
      words: [
        "Route “failover” goes to gpt-4o-mini at first.",
        "When that fails, is out of service, or has sent nothing after 20 seconds, the call goes to gpt-4.1 at second.",
      ],
      resources: [{ resource: "route", name: "failover" }],
      taken: [],
    });
    expect((await api.owner.query(`SELECT id FROM route`)).rows).toEqual([]);
    expect((await post("failover/apply", { parameters })).status).toBe(200);
    expect((await post("failover/preview", { parameters })).body.taken).toEqual([
      { resource: "route", name: "failover" },
    ]);
  });

  it.each([
    [
      "failover",
      { upstreamA: "ups_none", modelA: "m", upstreamB: "ups_none", modelB: "m" },
      ["/parameters/upstreamA", "/parameters/upstreamB"],
    ],
    ["failover", {}, ["/parameters/upstreamA", "/parameters/modelA", "/parameters/upstreamB", "/parameters/modelB"]],
    ["fair-limits", { callsPerMinute: 0 }, ["/parameters/callsPerMinute"]],
    ["fair-limits", { callsPerMinute: "10" }, ["/parameters/callsPerMinute"]],
    ["fair-limits", { monthlyBudget: 10 }, ["/parameters/monthlyBudget"]],
    ["cached-answers", { routeName: "not a name", upstream: "ups_none", model: "m" }, ["/parameters/routeName"]],
  ])("%s refuses %o by field", async (name, parameters, pointers) => {
    const refused = await post(`${name}/apply`, { parameters });
    expect([refused.status, refused.body.errors.map(({ pointer }: { pointer: string }) => pointer)]).toEqual([
      422,
      pointers,
    ]);
  });

  it("does not know others, and writes down who applied which", async () => {
    expect((await post("none/apply", {})).status).toBe(404);
    await applied("fair-limits", { planName: "audited" });
    const { rows } = await api.owner.query(
      `SELECT action, resource_name FROM audit_entry WHERE request_id =
        (SELECT request_id FROM audit_entry WHERE action = 'policyTemplate.apply' ORDER BY id DESC LIMIT 1) ORDER BY id`,
    );
    expect(rows).toEqual([
      { action: "plan.create", resource_name: "audited" },
      { action: "policyTemplate.apply", resource_name: "Fair limits" },
    ]);
  });
});
