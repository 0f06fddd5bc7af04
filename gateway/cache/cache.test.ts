import { connect } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { addConsumer, route, target, until, version } from "#gateway/testing/fixtures.ts";
import { Harness, type RawAnswer } from "#gateway/testing/harness.ts";
import { COMPLETION_TEXT, completion, status, stream, streamEvent, USAGE_EVENT } from "#gateway/testing/upstream.ts";
import { CacheRule } from "#lib/contract/cache-rule.ts";
import { Guardrails } from "#lib/contract/guardrail.ts";

let harness: Harness;
const rule = (more: object = {}) => CacheRule.parse({ ttlSeconds: 300, ...more });

function cached(name: string, more: object = {}, versions: object = {}) {
  return route(name, [version([target("ups_1")], { cache: rule(more), ...versions })]);
}

beforeAll(async () => {
  harness = await Harness.start();
  const routes = [
    cached("kept"),
    cached("team", { scope: "team" }),
    cached("all", { scope: "everyone" }),
    cached("zero", { onlyTemperatureZero: true }),
    cached("small", { maxEntryBytes: 1_024 }),
    cached("brief", { ttlSeconds: 1 }),
    route("plain", [version([target("ups_1")])]),
  ];
  await harness.publish(harness.document({ routes }));
});
afterAll(() => harness.stop());
beforeEach(() => {
  harness.first.received.length = 0;
  harness.first.answer = completion;
});

let turn = 0;
/** A prompt that no other test has used. */
const fresh = () => {
  turn += 1;
  return { messages: [{ role: "user", content: `Prompt ${turn}` }] };
};
const cacheOf = (answer: RawAnswer) => answer.headers["x-turnpike-cache"];
const sent = () => harness.first.received.length;

function chatWith(model: string, body: object, headers: Record<string, string>, secret = harness.secret) {
  const text = JSON.stringify({ model, ...body });
  return harness.send("/v1/chat/completions", text, { authorization: `Bearer ${secret}`, ...headers });
}

describe("an answer that was given before", () => {
  it("is given again, at no cost, with its age", async () => {
    const body = fresh();
    const first = await harness.chat("kept", body);
    const again = await harness.chat("kept", body);
    expect([cacheOf(first), cacheOf(again)]).toEqual(["miss", "hit"]);
    expect(again).toMatchObject({ status: 200, text: COMPLETION_TEXT });
    expect(again.headers).toMatchObject({
      age: "0",
      "content-type": "application/json",
      "x-turnpike-attempts": "0",
      "x-turnpike-upstream": "ups_1",
      "x-turnpike-route": "kept@1.0.0",
    });
    expect(again.headers["x-request-id"]).not.toBe(first.headers["x-request-id"]);
    expect(sent()).toBe(1);
    const event = await harness.event(again);
    expect(event).toMatchObject({
      outcome: "ok",
      cache: "hit",
      attempts: 0,
      model: "gpt-4o-mini",
      usage: { inputTokens: 12, outputTokens: 40 },
      costNanos: "0",
    });
    const stage = event.decision.stages.find((each) => each.stage === "cache");
    expect(stage).toMatchObject({ rule: "hit", facts: { scope: "consumer", ageSeconds: 0 } });
    expect(await harness.event(first)).toMatchObject({ cache: "miss", costNanos: "25800" });
  });

  it("is given for another spelling of the same call and for nothing else", async () => {
    const { messages } = fresh();
    await harness.chat("kept", { messages, temperature: 1 });
    const spelt = `{ "temperature": 1.0, "user":"u",\n"messages" :${JSON.stringify(messages)}, "model":"kept" }`;
    const again = await harness.send("/v1/chat/completions", spelt);
    expect(cacheOf(again)).toBe("hit");
    expect(cacheOf(await harness.chat("kept", { messages, temperature: 0.9 }))).toBe("miss");
    expect(cacheOf(await harness.chat("kept", { messages, temperature: 1, stream: true }))).toBe("miss");
    expect(cacheOf(await chatWith("kept", { messages, temperature: 1 }, { "openai-beta": "x=1" }))).toBe("miss");
  });

  it("is another consumer's only where the route says so", async () => {
    const mate = addConsumer(harness.plane, "con_mate");
    const stranger = addConsumer(harness.plane, "con_far", { teamId: "team_2" });
    await until("both keys work", async () => {
      const answers = await Promise.all([harness.chat("plain", {}, mate), harness.chat("plain", {}, stranger)]);
      return answers.every((answer) => answer.status === 200);
    });
    for (const [model, expected] of [
      ["kept", ["miss", "miss", "miss"]],
      ["team", ["miss", "hit", "miss"]],
      ["all", ["miss", "hit", "hit"]],
    ] as const) {
      const body = fresh();
      const found: unknown[] = [];
      for (const secret of [harness.secret, mate, stranger])
        found.push(cacheOf(await harness.chat(model, body, secret)));
      expect(found).toEqual(expected);
    }
  });

  it("is a stream where it was one, event by event", async () => {
    harness.first.answer = stream(["Hel", "lo", " you"]);
    const body = { ...fresh(), stream: true };
    const first = await harness.chat("kept", body);
    const again = await harness.chat("kept", body);
    expect(cacheOf(again)).toBe("hit");
    expect(again.text).toBe(first.text);
    expect(again.text).toBe(`${["Hel", "lo", " you"].map(streamEvent).join("")}data: [DONE]\n\n`);
    expect(again.headers["content-type"]).toBe("text/event-stream");
    expect(await harness.event(again)).toMatchObject({ stream: true, cache: "hit", usage: { outputTokens: 3 } });
    expect(cacheOf(await harness.chat("kept", { ...body, stream_options: { include_usage: true } }))).toBe("miss");
  });

  it("is another one where Gemini's stream is asked for in another form", async () => {
    const contents = [{ role: "user", parts: [{ text: JSON.stringify(fresh()) }] }];
    const last = { id: "c1", object: "chat.completion.chunk", created: 1, model: "m" };
    const stop = JSON.stringify({ ...last, choices: [{ index: 0, delta: {}, finish_reason: "stop" }] });
    harness.first.answer = (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(`${streamEvent("Hi")}data: ${stop}\n\n${USAGE_EVENT}data: [DONE]\n\n`);
    };
    const ask = (path: string) => harness.send(`/v1beta/models/${path}`, JSON.stringify({ contents }));
    const forms = ["kept:streamGenerateContent", "kept:streamGenerateContent?alt=sse", "kept@1:streamGenerateContent"];
    for (const form of forms) expect([(await ask(form)).status, cacheOf(await ask(form))]).toEqual([200, "hit"]);
    expect(sent()).toBe(3);
  });

  it("is forgotten when its time is over", async () => {
    const body = fresh();
    await harness.chat("brief", body);
    expect(cacheOf(await harness.chat("brief", body))).toBe("hit");
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect(cacheOf(await harness.chat("brief", body))).toBe("miss");
  });
});

describe("what is not kept", () => {
  it("is an error, a broken stream, and an answer beyond the bound", async () => {
    for (const answer of [status(400, "{}"), status(500)]) {
      const body = fresh();
      harness.first.answer = answer;
      await harness.chat("kept", body);
      harness.first.answer = completion;
      expect(cacheOf(await harness.chat("kept", body))).toBe("miss");
    }
    const body = { ...fresh(), stream: true };
    harness.first.answer = (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(streamEvent("Hel"), () => response.destroy());
    };
    await harness.chat("kept", body);
    harness.first.answer = stream(["whole"]);
    expect((await harness.chat("kept", body)).text).toContain("whole");
    const large = fresh();
    harness.first.answer = status(200, `{"a":"${"x".repeat(2_000)}"}`);
    await harness.chat("small", large);
    expect(cacheOf(await harness.chat("small", large))).toBe("miss");
  });

  it("is what the caller asks to be new or not kept, and what the route does not cache", async () => {
    const body = fresh();
    expect(cacheOf(await chatWith("kept", body, { "cache-control": "no-store" }))).toBe("bypass");
    expect(cacheOf(await harness.chat("kept", body))).toBe("miss");
    harness.first.answer = status(200, '{"new":true}');
    const refreshed = await chatWith("kept", body, { "cache-control": "no-cache" });
    expect([cacheOf(refreshed), refreshed.text]).toEqual(["bypass", '{"new":true}']);
    const again = await harness.chat("kept", body);
    expect([cacheOf(again), again.text]).toEqual(["hit", '{"new":true}']);
    expect(cacheOf(await chatWith("kept", body, { "cache-control": "max-age=1" }))).toBe("hit");
    expect(cacheOf(await chatWith("kept", body, { "cache-control": "max-age=0" }))).toBe("bypass");
    await new Promise((resolve) => setTimeout(resolve, 2_050));
    expect(cacheOf(await chatWith("kept", body, { "cache-control": "max-age=1" }))).toBe("miss");
    const warm = await harness.chat("zero", { ...fresh(), temperature: 0.7 });
    expect(cacheOf(warm)).toBe("bypass");
    const stage = (await harness.event(warm)).decision.stages.find((each) => each.stage === "cache");
    expect(stage).toMatchObject({ rule: "bypass", facts: { reason: "the temperature is not 0" } });
    const twice = '{"model":"kept","messages":[],"messages":[{"role":"user","content":"x"}]}';
    expect(cacheOf(await harness.send("/v1/chat/completions", twice))).toBe("bypass");
    expect(cacheOf(await harness.chat("plain", fresh()))).toBe("bypass");
  });
});

describe("identical calls at the same time", () => {
  /** An upstream that answers when it is told. */
  function held(): { open: () => void } {
    const gate: { open: () => void } = { open: () => {} };
    const opened = new Promise<void>((resolve) => {
      gate.open = resolve;
    });
    harness.first.answer = async (response) => {
      await opened;
      response.writeHead(200, { "content-type": "application/json" }).end(COMPLETION_TEXT);
    };
    return gate;
  }

  it("are made once", async () => {
    const gate = held();
    const body = fresh();
    const calls = Array.from({ length: 20 }, () => harness.chat("kept", body));
    await until("one is under way", () => sent() === 1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    gate.open();
    const answers = await Promise.all(calls);
    expect(sent()).toBe(1);
    expect(answers.every((answer) => answer.text === COMPLETION_TEXT)).toBe(true);
    expect(answers.filter((answer) => cacheOf(answer) === "hit")).toHaveLength(19);
    const events = await Promise.all(answers.map((answer) => harness.event(answer)));
    expect(events.filter((event) => event.costNanos === "0")).toHaveLength(19);
  });

  it("go on by themselves when the one they wait for fails", async () => {
    const body = fresh();
    let asked = 0;
    harness.first.answer = async (response, received) => {
      asked += 1;
      if (asked > 1) return completion(response, received);
      await new Promise((resolve) => setTimeout(resolve, 100));
      response.writeHead(400, { "content-type": "application/json" }).end("{}");
    };
    const calls = Array.from({ length: 5 }, () => harness.chat("kept", body));
    const answers = await Promise.all(calls);
    expect(answers.filter((answer) => answer.status === 400)).toHaveLength(1);
    expect(answers.filter((answer) => answer.text === COMPLETION_TEXT)).toHaveLength(4);
  });

  it("do not fail when the first one's caller goes away", async () => {
    const gate = held();
    const body = { model: "kept", ...fresh() };
    const aborting = new AbortController();
    const leader = fetch(`${harness.origin}/v1/chat/completions`, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { authorization: `Bearer ${harness.secret}` },
      signal: aborting.signal,
    }).catch(() => null);
    await until("it is under way", () => sent() === 1);
    const follower = harness.chat("kept", body);
    await new Promise((resolve) => setTimeout(resolve, 50));
    aborting.abort();
    await leader;
    await until("the other one goes on", () => sent() === 2);
    gate.open();
    expect((await follower).text).toBe(COMPLETION_TEXT);
  });
});

describe("the metrics", () => {
  it("count calls and bytes by route", async () => {
    const body = fresh();
    for (let turn = 0; turn < 2; turn++) await harness.chat("brief", body);
    const answer = await fetch(`http://127.0.0.1:${harness.node.statusPort}/metrics`);
    const text = await answer.text();
    expect(text).toMatch(/turnpike_cache_calls_total\{route="brief",result="hit"\} [1-9]/);
    expect(text).toMatch(/turnpike_cache_calls_total\{route="kept",result="bypass"\} [1-9]/);
    expect(text).toMatch(/turnpike_cache_bytes\{route="brief"\} [1-9]\d{2,}/);
    expect(text).toContain('turnpike_cache_evictions_total{route="brief"} 0');
  });
});

describe("a caller who does not read", () => {
  it("keeps nobody else waiting", async () => {
    const large = "x".repeat(400_000);
    harness.first.answer = async (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (let turn = 0; turn < 60; turn++) response.write(streamEvent(large));
      response.end("data: [DONE]\n\n");
    };
    const routes = [cached("wide", { maxEntryBytes: 64 * 1_024 * 1_024 })];
    await harness.publish(harness.document({ routes }));
    const body = JSON.stringify({ model: "wide", ...fresh(), stream: true });
    const lazy = connect(harness.node.port, "127.0.0.1");
    const head = `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${harness.secret}\r\n`;
    lazy.pause();
    lazy.write(`${head}content-length: ${body.length}\r\n\r\n${body}`);
    await until("it is under way", () => sent() === 1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    harness.first.answer = stream(["own"]);
    const startMs = performance.now();
    const answer = await harness.send("/v1/chat/completions", body);
    expect(answer.text).toContain("own");
    expect(performance.now() - startMs).toBeLessThan(8_000);
    lazy.destroy();
  });
});

describe("an answer that guardrails read", () => {
  it("is read each time it is given, and not kept where they withhold it", async () => {
    const guard = (action: string, pattern: string) => ({
      kind: "pattern",
      name: action,
      on: "answer",
      action,
      patterns: [pattern],
    });
    const guardrails = Guardrails.parse([guard("redact", "Hello"), guard("deny", "forbidden")]);
    await harness.publish(harness.document({ routes: [cached("kept", {}, { guardrails })] }));
    const body = fresh();
    const [first, again] = [await harness.chat("kept", body), await harness.chat("kept", body)];
    expect([cacheOf(first), cacheOf(again)]).toEqual(["miss", "hit"]);
    expect(first.text).not.toContain("Hello");
    expect(again.text).toBe(first.text);
    const withheld = fresh();
    harness.first.answer = status(200, '{"choices":[{"message":{"content":"forbidden"}}]}');
    for (const _turn of [1, 2]) {
      const answer = await harness.chat("kept", withheld);
      expect([answer.status, cacheOf(answer)]).toEqual([400, "miss"]);
    }
  });
});

describe("a purge", () => {
  it("reaches the node within a second, for its route only", async () => {
    await harness.publish(harness.document({ routes: [cached("kept"), cached("all", { scope: "everyone" })] }));
    const [one, other] = [fresh(), fresh()];
    await harness.chat("kept", one);
    await harness.chat("all", other);
    harness.plane.change({ kind: "routeCache", sequence: 1, id: "rte_kept", body: { purgeId: "prg_1" } });
    await until("the cache is purged", async () => cacheOf(await harness.chat("kept", one)) === "miss", 1_000);
    expect(cacheOf(await harness.chat("kept", one))).toBe("hit");
    expect(cacheOf(await harness.chat("all", other))).toBe("hit");
  });

  it("comes with a revision that changes the version", async () => {
    const body = fresh();
    await harness.chat("kept", body);
    await harness.publish(harness.document({ routes: [cached("kept", {}, { retry: { attempts: 1 } })] }));
    expect(cacheOf(await harness.chat("kept", body))).toBe("miss");
  });
});
