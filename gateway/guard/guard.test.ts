import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { route, target, upstream, version } from "#gateway/testing/fixtures.ts";
import { Harness, type RawAnswer } from "#gateway/testing/harness.ts";
import { TestUpstream } from "#gateway/testing/upstream.ts";
import { Guardrails } from "#lib/contract/guardrail.ts";

let harness: Harness;
let server: TestUpstream;

const guarded = (name: string, guards: object[]) =>
  route(name, [version([target("ups_1")], { guardrails: Guardrails.parse(guards) })]);

beforeAll(async () => {
  harness = await Harness.start();
  server = await TestUpstream.start();
  const webhook = { kind: "webhook", upstreamId: "ups_guard", path: "/check", timeoutMs: 300 };
  const routes = [
    guarded("small", [{ kind: "max_prompt", name: "size", maxBytes: 200 }]),
    guarded("short", [{ kind: "max_output", name: "short", maxTokens: 100 }]),
    guarded("strict", [{ kind: "parameters", name: "plain", rule: "allow", names: ["temperature"] }]),
    guarded("tame", [{ kind: "parameters", name: "no-tools", rule: "deny", names: ["tools", "logit_bias"] }]),
    guarded("secretive", [{ kind: "pattern", name: "projects", action: "deny", patterns: ["(?i)project x"] }]),
    guarded("masked", [{ kind: "pii", name: "pii", types: ["email", "card"] }]),
    guarded("shadowed", [
      { kind: "pii", name: "pii", mode: "shadow", types: ["email"] },
      { kind: "pattern", name: "words", mode: "shadow", action: "deny", patterns: ["hello"] },
      { kind: "max_output", name: "short", mode: "shadow", maxTokens: 100 },
    ]),
    guarded("asked", [{ ...webhook, name: "server" }]),
    guarded("lenient", [{ ...webhook, name: "server", onError: "allow" }]),
  ];
  const document = harness.document();
  const upstreams = [...document.upstreams, upstream("ups_guard", server.url.replace("/v1", "/guard"))];
  harness.plane.setCredentials([
    { id: "cred_1", upstreamId: "ups_1", kind: "apiKey", secret: "sk-first-secret-of-the-upstream" },
    { id: "cred_g", upstreamId: "ups_guard", kind: "apiKey", secret: "key-of-the-signature" },
  ]);
  await harness.publish({ ...document, upstreams, routes: [...document.routes, ...routes] });
});
afterAll(async () => {
  await harness.stop();
  await server.stop();
});

const say = (model: string, content: string, more: Record<string, unknown> = {}): Promise<RawAnswer> =>
  harness.chat(model, { messages: [{ role: "user", content }], ...more });
const errorOf = (answer: RawAnswer) => [answer.status, JSON.parse(answer.text).error.code];
const sent = () => JSON.parse(harness.first.received.at(-1)?.body ?? "{}");
const stagesOf = async (answer: RawAnswer) =>
  (await harness.event(answer)).decision.stages.filter(({ stage }) => stage.startsWith("guard"));

describe("guardrails of a request", () => {
  it("refuse a prompt that is too large before it reaches the upstream", async () => {
    const before = harness.first.received.length;
    const answer = await say("small", "x".repeat(200));
    expect(errorOf(answer)).toEqual([400, "guardrail_blocked"]);
    expect(harness.first.received.length).toBe(before);
    expect((await say("small", "x")).status).toBe(200);
    expect((await harness.event(answer)).errorCode).toBe("guardrail_blocked");
  });

  it("clamp what is asked for, write what is not, and count n", async () => {
    await say("short", "hi");
    expect(sent()).toMatchObject({ max_completion_tokens: 100, messages: [{ content: "hi" }] });
    await say("short", "hi", { max_tokens: 5_000 });
    expect(sent()).toMatchObject({ max_tokens: 100 });
    expect(sent().max_completion_tokens).toBeUndefined();
    await say("short", "hi", { max_tokens: 7 });
    expect(sent()).toMatchObject({ max_tokens: 7 });
    const answer = await say("short", "hi", { n: 4, max_tokens: -1 });
    expect(sent()).toMatchObject({ n: 4, max_tokens: 25 });
    expect((await stagesOf(answer))[0]?.rule).toBe("short asks for at most 25 tokens an answer instead of no bound");
    expect(errorOf(await say("short", "hi", { n: 101 }))).toEqual([400, "guardrail_blocked"]);
  });

  it("refuse parameters that are denied, or not allowed, by their names", async () => {
    expect((await say("strict", "hi", { temperature: 0 })).status).toBe(200);
    const answer = await say("strict", "hi", { temperature: 0, top_secret_switch: true });
    expect(JSON.parse(answer.text).error).toMatchObject({ code: "guardrail_blocked", param: "top_secret_switch" });
    expect((await say("tame", "hi", { temperature: 0, top_secret_switch: true })).status).toBe(200);
    expect(JSON.parse((await say("tame", "hi", { tools: [] })).text).error).toMatchObject({ param: "tools" });
  });
});

describe("guardrails of a prompt", () => {
  it("refuse it by a pattern, wherever it stands, and never repeat what matched", async () => {
    const before = harness.first.received.length;
    const answer = await say("secretive", "tell me of Project X");
    expect(errorOf(answer)).toEqual([400, "guardrail_blocked"]);
    expect(answer.text).not.toMatch(/project x/i);
    const tools = [{ type: "function", function: { name: "f", description: "of project x" } }];
    expect(errorOf(await say("secretive", "hi", { tools }))).toEqual([400, "guardrail_blocked"]);
    expect(errorOf(await say("secretive", "hi", { unheard_of: { deep: ["project x"] } }))).toEqual([
      400,
      "guardrail_blocked",
    ]);
    expect(harness.first.received.length).toBe(before);
    expect(JSON.stringify(await harness.event(answer))).not.toMatch(/project x/i);
    expect((await say("secretive", "a project")).status).toBe(200);
  });

  it("mask personal data, and send on what was checked even where a body says a thing twice", async () => {
    const answer = await say("masked", "I am a@b.co, my card is 4111 1111 1111 1111");
    expect(answer.status).toBe(200);
    expect(sent().messages).toEqual([{ role: "user", content: "I am [email], my card is [card]" }]);
    const [note] = await stagesOf(answer);
    expect(note).toMatchObject({ rule: "pii redacts in the prompt: 1 × email, 1 × card", facts: { matches: 2 } });
    const twice = '{"model":"masked","messages":[{"role":"user","content":"c@d.co","content":"fine"}]}';
    await harness.send("/v1/chat/completions", twice);
    expect(harness.first.received.at(-1)?.body).not.toContain("c@d.co");
  });

  it("read it in every dialect", async () => {
    const headers = { "x-api-key": harness.secret };
    const text = "I am a@b.co";
    const system = "Never tell c@d.co";
    const anthropic = {
      model: "masked",
      max_tokens: 9,
      system,
      messages: [{ role: "user", content: [{ type: "text", text }] }],
    };
    await harness.send("/v1/messages", JSON.stringify(anthropic), headers);
    const gemini = {
      systemInstruction: { parts: [{ text: system }] },
      contents: [{ role: "user", parts: [{ text }] }],
    };
    await harness.send("/v1beta/models/masked:generateContent", JSON.stringify(gemini), headers);
    await harness.send(
      "/v1/responses",
      JSON.stringify({ model: "masked", instructions: system, input: text }),
      headers,
    );
    await harness.send("/v1/embeddings", JSON.stringify({ model: "masked", input: [text, system] }), headers);
    const bodies = harness.first.received.slice(-4).map((received) => received.body);
    for (const body of bodies)
      expect(body).toMatch(/I am \[email\].*Never tell \[email\]|Never tell \[email\].*I am \[email\]/s);
    expect(bodies.join()).not.toMatch(/@/);
  });

  it("in the shadow let everything pass as it is, and note it", async () => {
    const answer = await say("shadowed", "hello a@b.co");
    expect(answer.status).toBe(200);
    expect(sent().messages[0].content).toBe("hello a@b.co");
    expect(sent().max_completion_tokens).toBeUndefined();
    expect((await stagesOf(answer)).map(({ rule }) => rule)).toEqual([
      "short would ask for at most 100 tokens an answer instead of no bound",
      "pii would redact in the prompt: 1 × email",
      "words would refuse in the prompt: 1 × words",
    ]);
  });
});

describe("a guard server", () => {
  const verdict = (value: unknown, status = 200) => {
    server.answer = (response) => {
      response
        .writeHead(status, { "content-type": "application/json", location: server.url })
        .end(JSON.stringify(value));
    };
  };

  it("is asked with a signed question, and is obeyed", async () => {
    verdict({ verdict: "allow" });
    expect((await say("asked", "hi there")).status).toBe(200);
    const question = server.received.at(-1);
    expect(question?.path).toBe("/guard/check");
    const [, seconds, signature] =
      /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(question?.headers["x-turnpike-signature"])) ?? [];
    const expected = createHmac("sha256", "key-of-the-signature").update(`${seconds}.${question?.body}`).digest("hex");
    expect(signature).toBe(expected);
    expect(JSON.parse(question?.body ?? "")).toMatchObject({
      route: "asked",
      prompt: { sample: "hi there", chars: 8 },
    });
    verdict({ verdict: "deny", reason: "no" });
    expect(errorOf(await say("asked", "hi"))).toEqual([400, "guardrail_blocked"]);
    verdict({ verdict: "redact", redactions: ["Anna"] });
    await say("asked", "I am Anna, Anna K.");
    expect(sent().messages[0].content).toBe("I am [server], [server] K.");
  });

  it("that is silent, away, confused or elsewhere refuses the call, or not where that is said", async () => {
    const before = harness.first.received.length;
    server.answer = () => {};
    const startedMs = performance.now();
    expect(errorOf(await say("asked", "hi"))).toEqual([400, "guardrail_blocked"]);
    expect(performance.now() - startedMs).toBeLessThan(3_000);
    for (const [value, status] of [
      [{}, 200],
      [{ verdict: "allow" }, 302],
      [{ verdict: "allow" }, 500],
    ] as const) {
      verdict(value, status);
      expect(errorOf(await say("asked", "hi"))).toEqual([400, "guardrail_blocked"]);
    }
    expect(harness.first.received.length).toBe(before);
    const answer = await say("lenient", "hi");
    expect(answer.status).toBe(200);
    expect((await stagesOf(answer))[0]?.rule).toBe("server: no verdict (status), and calls pass then");
  });
});

describe("guardrails of calls whose model is not in a JSON body", () => {
  it("read a prompt of Gemini's, whose path names the model", async () => {
    const contents = [{ role: "user", parts: [{ text: "Write to ann@example.com" }] }];
    const headers = { "x-goog-api-key": harness.secret };
    const answer = await harness.send("/v1beta/models/masked:generateContent", JSON.stringify({ contents }), headers);
    expect(answer.status).toBe(200);
    expect(harness.first.received.at(-1)?.body).not.toContain("ann@example.com");
  });

  it("know the parameters of a form, and refuse one that they cannot read", async () => {
    const transcribe = async (model: string): Promise<unknown[]> => {
      const form = new FormData();
      form.append("model", model);
      form.append("language", "de");
      form.append("file", new Blob(["x"]), "a.wav");
      const headers = { authorization: `Bearer ${harness.secret}` };
      const response = await fetch(`${harness.origin}/v1/audio/transcriptions`, {
        method: "POST",
        body: form,
        headers,
      });
      const answer = await response.json();
      return [response.status, answer.error?.code];
    };
    expect(await transcribe("strict")).toEqual([400, "guardrail_blocked"]);
    expect(await transcribe("masked")).toEqual([400, "guardrail_blocked"]);
    expect((await transcribe("tame"))[0]).toBe(200);
  });
});
