import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { route, target, version } from "#gateway/testing/fixtures.ts";
import { Harness, type RawAnswer } from "#gateway/testing/harness.ts";
import { stream, streamEvent, USAGE_EVENT } from "#gateway/testing/upstream.ts";
import { Guardrails } from "#lib/contract/guardrail.ts";
import { DELTA_READERS, type DeltaReader } from "./answer-deltas.ts";
import { AnswerEvents } from "./answer-events.ts";
import { compileGuards, type TextRules } from "./compiled-guards.ts";

function rulesOf(guards: object[]): TextRules {
  const compiled = compileGuards(
    Guardrails.parse(guards),
    [],
    () => undefined,
    ({ message }) => {
      throw new Error(message);
    },
  );
  if (compiled?.answer === null || compiled?.answer === undefined) throw new Error("No rules for answers");
  return compiled.answer;
}

const MASK = { kind: "pii", name: "pii", on: "answer", types: ["email", "card"], windowChars: 32 };
const DENY = {
  kind: "pattern",
  name: "words",
  on: "answer",
  action: "deny",
  patterns: ["forbidden fruit"],
  windowChars: 32,
};

function reader(action: keyof typeof DELTA_READERS): DeltaReader {
  const found = DELTA_READERS[action];
  if (found === undefined) throw new Error("This action's answers are not read");
  return found;
}

/** What comes out of a stream that is cut into chunks at some places of its bytes. */
function through(action: keyof typeof DELTA_READERS, guards: object[], text: string, places: readonly number[]) {
  const events = new AnswerEvents(reader(action), rulesOf(guards), new Map());
  const bytes = Buffer.from(text);
  const ends = places.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b);
  let out = "";
  let from = 0;
  for (const end of [...ends, bytes.length]) {
    out += events.push(bytes.subarray(from, end));
    from = end;
  }
  out += events.end();
  return { out, stop: events.stop };
}

const dataOf = (text: string): Event[] =>
  text
    .split("\n\n")
    .flatMap((event) => /^data: (.*)$/m.exec(event)?.[1] ?? [])
    .filter((data) => data !== "[DONE]")
    .map((data): Event => JSON.parse(data));

const CLEAN = "Write to [email] or [email], pay with [card]. 😀 The end.";
const DIRTY = "Write to a@b.co or someone.else@example.org, pay with 4111-1111-1111-1111. 😀 The end.";
const sse = (event: object, name = ""): string =>
  `${name === "" ? "" : `event: ${name}\n`}data: ${JSON.stringify(event)}\n\n`;

/** An event of any dialect, as a client takes it. */
interface Event {
  type?: string;
  sequence_number?: number;
  text?: string;
  delta?: string & { text?: string };
  choices: { delta: { content?: string }; text?: string }[];
  candidates: { content: { parts: { text: string }[] } }[];
}

/** How each dialect streams a text in pieces, and how a client puts it together again. */
const DIALECTS: Record<string, { write: (pieces: string[]) => string; read: (events: Event[]) => string }> = {
  "chat.completions": {
    write: (pieces) =>
      `${pieces
        .map((content) => sse({ id: "c", choices: [{ index: 0, delta: { content }, finish_reason: null }] }))
        .join("")}${sse({ id: "c", choices: [{ index: 0, delta: {}, finish_reason: "stop" }] })}data: [DONE]\n\n`,
    read: (events) => events.map((event) => event.choices[0]?.delta.content ?? "").join(""),
  },
  completions: {
    write: (pieces) =>
      `${pieces
        .map((text, at) =>
          sse({ choices: [{ index: 0, text, finish_reason: at === pieces.length - 1 ? "stop" : null }] }),
        )
        .join("")}data: [DONE]\n\n`,
    read: (events) => events.map((event) => event.choices[0]?.text ?? "").join(""),
  },
  messages: {
    write: (pieces) =>
      sse({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }, "content_block_start") +
      pieces
        .map((text) =>
          sse({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } }, "content_block_delta"),
        )
        .join("") +
      sse({ type: "content_block_stop", index: 0 }, "content_block_stop") +
      sse({ type: "message_stop" }, "message_stop"),
    read: (events) => {
      const stop = events.findIndex(({ type }) => type === "content_block_stop");
      return events
        .slice(0, stop)
        .map((event) => event.delta?.text ?? "")
        .join("");
    },
  },
  responses: {
    write: (pieces) =>
      pieces
        .map((delta, at) => {
          const event = {
            type: "response.output_text.delta",
            item_id: "m",
            output_index: 0,
            content_index: 0,
            delta,
            sequence_number: at,
          };
          return sse(event, event.type);
        })
        .join("") +
      sse(
        { type: "response.output_text.done", item_id: "m", text: pieces.join(""), sequence_number: pieces.length },
        "response.output_text.done",
      ),
    read: (events) => {
      expect(events.map((event) => event.sequence_number)).toEqual([...events.keys()]);
      expect(events.at(-1)?.text).toBe(events.map((event) => event.delta ?? "").join(""));
      return events.at(-1)?.text ?? "";
    },
  },
  stream_generate_content: {
    write: (pieces) =>
      pieces
        .map((text, at) => {
          const finish = at === pieces.length - 1 ? { finishReason: "STOP" } : {};
          return sse({ candidates: [{ index: 0, content: { role: "model", parts: [{ text }] }, ...finish }] });
        })
        .join(""),
    read: (events) => events.map((event) => event.candidates[0]?.content.parts[0]?.text).join(""),
  },
};

function cut(text: string, places: readonly number[]): string[] {
  // Between whole characters, as upstreams do.
  const characters = [...text];
  const ends = [...new Set([...places.map((place) => 1 + (place % characters.length)), characters.length])].toSorted(
    (a, b) => a - b,
  );
  return ends.map((end, at) => characters.slice(at === 0 ? 0 : ends[at - 1], end).join(""));
}

describe("a stream of answers", () => {
  const places = fc.array(fc.nat(), { maxLength: 40 });

  it.each(Object.keys(DIALECTS))("of %s is masked alike, wherever it is cut", (name) => {
    const dialect = DIALECTS[name];
    if (dialect === undefined) throw new Error("No such dialect");
    const action = name as keyof typeof DELTA_READERS;
    fc.assert(
      fc.property(places, places, (words, chunks) => {
        const { out, stop } = through(action, [MASK], dialect.write(cut(DIRTY, words)), chunks);
        expect(stop).toBe(null);
        expect(dialect.read(dataOf(out))).toBe(CLEAN);
      }),
      { numRuns: 60 },
    );
  });

  it.each(Object.keys(DIALECTS))("of %s ends before what is denied, wherever it is cut", (name) => {
    const dialect = DIALECTS[name];
    if (dialect === undefined) throw new Error("No such dialect");
    const action = name as keyof typeof DELTA_READERS;
    const text = `${"It was a tree. ".repeat(10)}They ate the forbidden fruit, and left.`;
    fc.assert(
      fc.property(places, places, (words, chunks) => {
        const { out, stop } = through(action, [DENY], dialect.write(cut(text, words)), chunks);
        expect(stop).toMatchObject({ kind: "denied", rule: { guard: "words" } });
        expect(out).not.toContain("forbidden");
        expect(out).not.toContain("left");
      }),
      { numRuns: 40 },
    );
  });

  it("goes on byte by byte as it was where guards are shadows, and ends where it cannot be read", () => {
    const text = `${DIALECTS["chat.completions"]?.write(["a@b.co", " hi"])}: ping\n\n`;
    expect(through("chat.completions", [{ ...MASK, mode: "shadow" }], text, [3, 50]).out).toBe(text);
    expect(through("chat.completions", [MASK], "data: {broken\n\n", []).stop).toEqual({ kind: "unreadable" });
    expect(through("chat.completions", [MASK], ": ping\n\n", []).out).toBe(": ping\n\n");
  });

  it("carries no token by token copy of what was masked", () => {
    const logprobs = {
      content: [
        { token: "a@", logprob: 0 },
        { token: "b.co", logprob: 0 },
      ],
    };
    const text = sse({ choices: [{ index: 0, delta: { content: "a@b.co" }, logprobs, finish_reason: "stop" }] });
    expect(dataOf(through("chat.completions", [MASK], text, []).out)).toEqual([
      { choices: [{ index: 0, delta: { content: "[email]" }, logprobs: null, finish_reason: "stop" }] },
    ]);
  });
});

describe("answers through the node", () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await Harness.start();
    const guarded = (name: string, guards: object[]) =>
      route(name, [version([target("ups_1")], { guardrails: Guardrails.parse(guards) })]);
    const document = harness.document();
    const routes = [guarded("masked", [MASK]), guarded("denied", [DENY])];
    await harness.publish({ ...document, routes: [...document.routes, ...routes] });
  });
  afterAll(() => harness.stop());

  const answerWith = (content: string): void => {
    const message = { role: "assistant", content };
    const body = JSON.stringify({
      choices: [{ index: 0, message, finish_reason: "stop" }],
      usage: { prompt_tokens: 1, completion_tokens: 2 },
    });
    harness.first.answer = (response) => {
      response.writeHead(200, { "content-type": "application/json" }).end(body);
    };
  };
  const errorOf = (answer: RawAnswer) => [answer.status, JSON.parse(answer.text).error.code];

  it("are masked or withheld when they come whole, and the call's decision says so", async () => {
    answerWith(DIRTY);
    const masked = await harness.chat("masked");
    expect([masked.status, JSON.parse(masked.text).choices[0].message.content]).toEqual([200, CLEAN]);
    const { decision } = await harness.event(masked);
    expect(decision.stages.at(-1)).toMatchObject({ rule: "pii redacts in the answer: 2 × email, 1 × card" });
    answerWith("The forbidden fruit is sweet.");
    const denied = await harness.chat("denied");
    expect(errorOf(denied)).toEqual([400, "guardrail_blocked"]);
    expect(denied.text).not.toContain("fruit");
    const event = await harness.event(denied);
    expect(event).toMatchObject({
      outcome: "denied",
      status: 400,
      errorCode: "guardrail_blocked",
      usage: { outputTokens: 2 },
    });
    expect(JSON.stringify(event)).not.toContain("fruit");
  });

  it("are withheld when they cannot be read", async () => {
    harness.first.answer = (response) => {
      const broken = '{"a@b.co" is no JSON, "usage":{"prompt_tokens":1}}';
      response.writeHead(200, { "content-type": "application/json" }).end(broken);
    };
    expect(errorOf(await harness.chat("masked"))).toEqual([400, "guardrail_blocked"]);
  });

  it("of more than a megabyte are held and masked too", async () => {
    answerWith(`${"x ".repeat(700_000)}a@b.co`);
    const answer = await harness.chat("masked");
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text).choices[0].message.content.slice(-9)).toBe("x [email]");
  });

  it("are masked when they stream, with the usage that was asked for", async () => {
    harness.first.answer = stream(["Write to some", "one@exam", "ple.org now", "."]);
    const answer = await harness.chat("masked", { stream: true, stream_options: { include_usage: true } });
    const events = dataOf(answer.text);
    expect(events.map((event) => event.choices[0]?.delta.content ?? "").join("")).toBe("Write to [email] now.");
    expect(answer.text).toContain(USAGE_EVENT.trim().slice(-60));
    expect(answer.text.trimEnd().endsWith("data: [DONE]")).toBe(true);
  });

  it("that stream end with an error event where they are denied, and the upstream is told to stop", async () => {
    const before = harness.first.cancelled;
    harness.first.answer = async (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const word of ["It was the for", "bidden fr", "uit."]) response.write(streamEvent(word));
      for (let at = 0; at < 100; at++) {
        response.write(streamEvent(" and so on"));
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      response.end(USAGE_EVENT);
    };
    const answer = await harness.chat("denied", { stream: true });
    expect(answer.text).not.toContain("forbidden");
    expect(answer.text).not.toContain("and so on");
    const last = dataOf(answer.text).at(-1);
    expect(last).toMatchObject({ error: { code: "guardrail_blocked" } });
    expect(await harness.event(answer)).toMatchObject({
      outcome: "denied",
      status: 200,
      errorCode: "guardrail_blocked",
    });
    expect(harness.first.cancelled).toBe(before + 1);
  });

  it("are masked behind a translation too, and refused in the caller's dialect", async () => {
    harness.first.answer = stream(["Write to some", "one@exam", "ple.org now", "."]);
    const headers = { "x-api-key": harness.secret, "anthropic-version": "2023-06-01" };
    const ask = (model: string, more: object = {}) =>
      harness.send(
        "/v1/messages",
        JSON.stringify({ model, max_tokens: 50, messages: [{ role: "user", content: "hi" }], ...more }),
        headers,
      );
    const streamed = dataOf((await ask("masked", { stream: true })).text);
    // The stream ends without a reason to end: the error comes after all the text that came before it.
    expect(streamed.at(-1)).toMatchObject({ type: "error" });
    const text = streamed.map(({ delta }) => delta?.text ?? "");
    expect(text.join("")).toBe("Write to [email] now.");
    answerWith("The forbidden fruit is sweet.");
    const denied = await ask("denied");
    expect([denied.status, JSON.parse(denied.text)]).toMatchObject([
      400,
      { type: "error", error: { type: "invalid_request_error", code: "guardrail_blocked" } },
    ]);
    answerWith(DIRTY);
    const contents = [{ role: "user", parts: [{ text: "hi" }] }];
    const gemini = await harness.send("/v1beta/models/masked:generateContent", JSON.stringify({ contents }), headers);
    expect(JSON.parse(gemini.text).candidates[0].content.parts).toEqual([{ text: CLEAN }]);
  });
});
