import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { route, target, upstream, version } from "#gateway/testing/fixtures.ts";
import { Harness } from "#gateway/testing/harness.ts";
import type { Answer } from "#gateway/testing/upstream.ts";
import { type Guardrail, Guardrails } from "#lib/contract/guardrail.ts";
import { answerTexts, promptTexts } from "./json-text.ts";

const textsOf = (body: object): string[] => promptTexts(body).map(({ text }) => text);
const LINE = "=".repeat(70);

describe("what a model reads is a text", () => {
  it("whatever it begins with", () => {
    for (const text of [`data:a/b;base64, my number is 1`, `data:a/b;base64,AAAA`, `${LINE}\nplain words`]) {
      expect(textsOf({ messages: [{ role: "user", content: text }] })).toContain(text);
    }
    const document = { type: "text", media_type: "text/plain", data: LINE };
    expect(textsOf({ messages: [{ content: [{ type: "document", source: document }] }] })).toContain(LINE);
    expect(textsOf({ input: ["data:a/b;base64,sk-secret"] })).toEqual(["data:a/b;base64,sk-secret"]);
  });

  it("under every name in a tool's arguments and answers, names and long numbers included", () => {
    const input = { id: "a", status: "b", detail: { model: "c" }, card: 4_111_111_111_111_111, n: 1, "key@x.y": null };
    expect(textsOf({ messages: [{ content: [{ type: "tool_use", id: "no", name: "f", input }] }] })).toEqual(
      expect.arrayContaining(["a", "b", "c", "4111111111111111", "key@x.y"]),
    );
    const response = { status: "d" };
    expect(textsOf({ contents: [{ parts: [{ functionResponse: { id: "no", response } }] }] })).toContain("d");
    expect(answerTexts({ response: { id: "resp_1", status: "completed" } })).toEqual([]);
  });

  it("and bytes are none", () => {
    const bytes = "QUJD".repeat(40);
    const url = `data:image/png;base64,${bytes}`;
    expect(
      textsOf({ messages: [{ content: [{ image_url: { url } }, { source: { type: "base64", data: bytes } }] }] }),
    ).toEqual([]);
  });

  it("and is replaced where it stands, also as a name, and under a name that means something to JavaScript", () => {
    const body = JSON.parse(
      '{"messages":[{"type":"tool_use","input":{"a@b.co":{"__proto__":"c@d.co"},"n":12345678}}]}',
    );
    for (const place of promptTexts(body)) {
      if (place.text.includes("@") || place.text === "12345678") place.replace("[gone]");
    }
    expect(JSON.stringify(body.messages[0].input)).toBe('{"n":"[gone]","[gone]":{"__proto__":"[gone]"}}');
  });
});

describe("an answer in pieces", () => {
  let harness: Harness;
  const headers = () => ({ "x-goog-api-key": harness.secret });
  const MASK = { kind: "pii", name: "pii", on: "answer", types: ["email", "card"], windowChars: 32 };
  const ask = (model: string, method: string) =>
    harness.send(
      `/v1beta/models/${model}:${method}`,
      JSON.stringify({ contents: [{ role: "user", parts: [{ text: "hi" }] }] }),
      headers(),
    );
  const json =
    (value: unknown): Answer =>
    (response) => {
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
    };
  const chunk = (...texts: string[]) => ({
    candidates: [{ index: 0, content: { role: "model", parts: texts.map((text) => ({ text })) } }],
    usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 2, totalTokenCount: 3 },
  });
  interface Chunk {
    candidates: { content: { parts: { text: string }[] } }[];
  }
  const textOf = (chunks: Chunk[]): string =>
    chunks.flatMap(({ candidates }) => candidates[0]?.content.parts.map(({ text }) => text) ?? []).join("");

  beforeAll(async () => {
    harness = await Harness.start();
    const guarded = (name: string, upstreamId: string, guards: object[]) =>
      route(name, [version([target(upstreamId)], { guardrails: Guardrails.parse(guards) satisfies Guardrail[] })]);
    const document = harness.document();
    const upstreams = [
      upstream("ups_1", harness.first.url.replace("/v1", ""), { provider: "gemini" }),
      upstream("ups_2", harness.second.url),
    ];
    const routes = [
      guarded("gem", "ups_1", [MASK]),
      guarded("gem-shadow", "ups_1", [{ ...MASK, mode: "shadow" }]),
      guarded("gpt", "ups_2", [MASK]),
      guarded("gpt-shadow", "ups_2", [{ ...MASK, mode: "shadow" }]),
    ];
    await harness.publish({ ...document, upstreams, routes });
  });
  afterAll(() => harness.stop());

  it("is one text where it comes as a JSON array, or in the parts of one candidate", async () => {
    harness.first.answer = json([chunk("card 4111 1111"), chunk(" 1111"), chunk(" 1111, a@"), chunk("b.co. Bye")]);
    const array = await ask("gem", "streamGenerateContent");
    expect(textOf(JSON.parse(array.text))).toBe("card [card], [email]. Bye");
    expect((await harness.event(array)).usage).toMatchObject({ source: "upstream", outputTokens: 2 });
    harness.first.answer = json(chunk("card 4111 1111 ", "1111 1111 ok"));
    expect(textOf([JSON.parse((await ask("gem", "generateContent")).text)])).toBe("card [card] ok");
  });

  it("is one text in every field that a vendor streams it in", async () => {
    const send =
      (deltas: object[]): Answer =>
      (response) => {
        response.writeHead(200, { "content-type": "text/event-stream" });
        for (const delta of deltas) {
          response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: null }] })}\n\n`);
        }
        response.end('data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n');
      };
    const fields: ((text: string) => object)[] = [
      (text) => ({ reasoning_details: [{ type: "reasoning.text", index: 0, text }] }),
      (transcript) => ({ audio: { transcript } }),
      (text) => ({ content: [{ type: "text", text }] }),
      (input) => ({ tool_calls: [{ index: 0, custom: { input } }] }),
    ];
    for (const field of fields) {
      harness.second.answer = send(["to some", "one@exam", "ple.org now"].map(field));
      const { text } = await harness.chat("gpt", { stream: true });
      expect(text).toContain("[email]");
      expect(text).not.toMatch(/one@|ple\.org/);
    }
  });

  it("is withheld where it is no stream, whatever its type says, or hides behind a comment", async () => {
    const text = '{"choices":[{"index":0,"delta":{"content":"a@b.co"}}]}';
    for (const body of [text, `: ping\rdata: ${text}\n\n`, `${text}\n\ndata: [DONE]\n\n`]) {
      harness.second.answer = (response) => {
        response.writeHead(200, { "content-type": "text/event-stream" }).end(body);
      };
      const answer = await harness.chat("gpt", { stream: true });
      expect(answer.text).not.toContain("a@b.co");
    }
  });

  it("goes on whole through a shadow that cannot hold it", async () => {
    const answer = [chunk("x".repeat(9 * 1_024 * 1_024)), chunk("end")];
    harness.first.answer = json(answer);
    const got = await ask("gem-shadow", "streamGenerateContent");
    expect([got.status, got.text.length]).toEqual([200, JSON.stringify(answer).length]);
    const { decision, outcome } = await harness.event(got);
    expect(outcome).toBe("ok");
    expect(decision.stages).toContainEqual(expect.objectContaining({ rule: "the answer is too long to be read" }));
  });
});
