import { describe, expect, it } from "vitest";
import { ANSWER_FACTS } from "#gateway/testing/generations.ts";
import { openaiCompletionsCaller } from "./dialect.ts";

const read = (body: Record<string, unknown>) => openaiCompletionsCaller.readRequest(body, false);

describe("a legacy completion", () => {
  it("takes a prompt as what the user says, and 16 tokens where nobody says how many", () => {
    const messages = [{ role: "user", parts: [{ kind: "text", text: "Once" }] }];
    expect(read({ prompt: "Once" })).toMatchObject({ messages, maxOutputTokens: 16, candidates: 1 });
    const more = { max_tokens: 5, echo: false, best_of: 1, logprobs: null, suffix: null, stop: ["a", "b"], n: 2 };
    expect(read({ prompt: ["Once"], ...more })).toMatchObject({
      messages,
      maxOutputTokens: 5,
      candidates: 2,
      stop: ["a", "b"],
      extras: new Map(),
    });
  });

  it.each([
    ["prompt", { prompt: ["a", "b"] }],
    ["prompt", { prompt: [1, 2] }],
    ["prompt", {}],
    ["max_tokens", { prompt: "a", max_tokens: "x" }],
  ])("is refused for its %s", (param, body) => {
    expect(read(body)).toMatchObject({ param });
  });

  it("leaves what only it knows to be refused or dropped", () => {
    expect(read({ prompt: "a", suffix: "b", echo: true, logprobs: 3 })).toMatchObject({
      extras: new Map<string, unknown>([
        ["suffix", "b"],
        ["echo", true],
        ["logprobs", 3],
      ]),
    });
  });

  it("is written whole and in pieces, with usage for who asked", () => {
    const usage = {
      inputTokens: 3,
      cachedInputTokens: 0,
      cacheWriteTokens: 0,
      outputTokens: 2,
      reasoningTokens: 0,
      source: "upstream",
    } as const;
    const choice = { parts: [{ kind: "text", text: "Hi" }], stop: "length", stopSequence: null } as const;
    const whole = openaiCompletionsCaller.writeAnswer({ id: "x", choices: [choice], usage }, ANSWER_FACTS);
    expect(whole).toMatchObject({
      id: "x",
      object: "text_completion",
      choices: [{ text: "Hi", finish_reason: "length", index: 0 }],
      usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
    });
    const out: string[] = [];
    const writer = openaiCompletionsCaller.streamWriter(ANSWER_FACTS);
    const finish = { kind: "finish", choice: 0, stop: "length", stopSequence: null } as const;
    writer.write([{ kind: "text", choice: 0, text: "Hi" }, finish, { kind: "usage", usage }], out);
    writer.end(out);
    const events = out.join("").trimEnd().split("\n\n");
    expect(events.slice(0, -1).map((event): unknown => JSON.parse(event.slice("data: ".length)))).toMatchObject([
      { id: "cmpl-0192", choices: [{ text: "Hi", finish_reason: null }], usage: null },
      { choices: [{ text: "", finish_reason: "length" }], usage: null },
      { choices: [], usage: { completion_tokens: 2 } },
    ]);
    expect(events.at(-1)).toBe("data: [DONE]");
  });
});
