import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Harness, type RawAnswer } from "#gateway/testing/harness.ts";
import { COMPLETION_TEXT, completion, streamEvent } from "#gateway/testing/upstream.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness.stop());
beforeEach(() => {
  harness.first.answer = completion;
});

const FINISH = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n';
const STREAM = `${streamEvent("Hel")}${streamEvent("lo")}${FINISH}`;

function answering(body: string | Buffer, headers: Record<string, string> = {}): void {
  harness.first.answer = (response) => {
    response.writeHead(200, { "content-type": "application/json", ...headers }).end(body);
  };
}

async function metered(answer: RawAnswer) {
  const { outcome, errorCode, usage } = await harness.event(answer);
  return { outcome, errorCode, source: usage.source };
}

const FAILED = { outcome: "error", errorCode: "upstream_error" };
const GENERATE = JSON.stringify({ contents: [{ role: "user", parts: [{ text: "Hello" }] }] });

describe("a whole answer", () => {
  it.each<[string, string]>([
    ["as it came", COMPLETION_TEXT],
    ["with white space around it", `\n ${COMPLETION_TEXT} \n`],
    ["without usage", '{"choices":[]}'],
    ["with an error that is none", '{"error":null,"choices":[]}'],
  ])("%s is passed on byte by byte", async (_, body) => {
    answering(body);
    const answer = await harness.chat("smart");
    expect([answer.status, answer.text]).toEqual([200, body]);
    expect(await metered(answer)).toMatchObject({ outcome: "ok", errorCode: null });
  });

  it.each<[string, string]>([
    ["a page", "<html>502</html>"],
    ["nothing", ""],
    ["a list", '[{"choices":[]}]'],
    ["broken JSON", '{"choices":[}'],
    ["an error", '{"error":{"message":"sk-first-secret-of-the-upstream"}}'],
    ["cut short", COMPLETION_TEXT.slice(0, 90)],
  ])("that is %s becomes a 502, and is metered as an error", async (_, body) => {
    answering(body);
    const answer = await harness.chat("smart");
    expect(answer.status).toBe(502);
    expect(JSON.parse(answer.text).error.code).toBe("upstream_error");
    expect(answer.text).not.toContain("sk-first");
    expect(await metered(answer)).toMatchObject(FAILED);
  });

  it("that is compressed though it was asked not to be is passed on unread", async () => {
    const body = gzipSync(COMPLETION_TEXT);
    answering(body, { "content-encoding": "gzip" });
    const answer = await harness.chat("smart");
    expect([answer.status, answer.headers["content-encoding"]]).toEqual([200, "gzip"]);
    expect(answer.headers["content-length"]).toBe(String(body.length));
  });

  it("of an endpoint that answers in other forms is left alone", async () => {
    answering("Hello", { "content-type": "text/plain" });
    const form = new FormData();
    form.set("model", "smart");
    form.set("file", new Blob(["x"]), "x.wav");
    const headers = { authorization: `Bearer ${harness.secret}` };
    const heard = await fetch(`${harness.origin}/v1/audio/transcriptions`, { method: "POST", headers, body: form });
    expect([heard.status, await heard.text()]).toEqual([200, "Hello"]);
  });
});

describe("a stream", () => {
  it.each<[string, string]>([
    ["with [DONE]", `${STREAM}data: [DONE]\n\n`],
    ["without [DONE]", STREAM],
    ["with comments and CRLF", `: hello\n\n${STREAM.replaceAll("\n", "\r\n")}: bye\n\n`],
    ["without its last blank line", STREAM.trimEnd()],
  ])("%s is passed on byte by byte", async (_, body) => {
    answering(body, { "content-type": "text/event-stream" });
    const answer = await harness.chat("smart", { stream: true });
    expect([answer.status, answer.text]).toEqual([200, body]);
    expect(await metered(answer)).toMatchObject({ outcome: "ok", errorCode: null });
  });

  it("under another type of content is passed on as it is", async () => {
    answering(STREAM, { "content-type": "text/plain" });
    expect((await harness.chat("smart", { stream: true })).text).toBe(STREAM);
  });

  it.each<[string, string, string]>([
    ["ends too early", streamEvent("Hel"), streamEvent("Hel")],
    ["ends in the middle of an event", `${streamEvent("Hel")}data: {"choi`, streamEvent("Hel")],
    ["turns into garbage", `${streamEvent("Hel")}data: [[[\n\n${STREAM}`, streamEvent("Hel")],
    ["says nothing", "", ""],
  ])("that %s ends in an error event, and is metered as an error", async (_, body, good) => {
    answering(body, { "content-type": "text/event-stream" });
    const answer = await harness.chat("smart", { stream: true });
    expect(answer.text.startsWith(good)).toBe(true);
    const last = answer.text.slice(good.length);
    expect(JSON.parse(last.slice("data: ".length)).error.code).toBe("upstream_error");
    expect(await metered(answer)).toEqual({ ...FAILED, source: "estimate" });
  });

  it("that an upstream ends with its own error is passed on, unless it tells the credential, and metered as one", async () => {
    for (const message of ["Overloaded", "sk-first-secret-of-the-upstream"]) {
      const own = `data: ${JSON.stringify({ error: { message, type: "overloaded" } })}\n\n`;
      answering(streamEvent("Hel") + own, { "content-type": "text/event-stream" });
      const answer = await harness.chat("smart", { stream: true });
      expect(answer.text.endsWith(own)).toBe(message === "Overloaded");
      expect(answer.text).not.toContain("sk-first");
      expect(answer.text).toContain('"error"');
      expect(await metered(answer)).toMatchObject(FAILED);
    }
  });

  it("asked for and answered whole is an error", async () => {
    const answer = await harness.chat("smart", { stream: true });
    expect(answer.status).toBe(502);
    expect(await metered(answer)).toMatchObject(FAILED);
  });

  it("of a provider that was not asked for events comes as a list", async () => {
    const base = harness.document();
    const [first, ...rest] = base.upstreams;
    if (first === undefined) throw new Error("no upstream");
    await harness.publish({ ...base, upstreams: [{ ...first, provider: "gemini" }, ...rest] });
    const path = "/v1beta/models/smart:streamGenerateContent";
    for (const [body, status] of [
      ['[{"candidates":[]}\n,\n{"candidates":[]}]', 200],
      ['[{"candidates":[]}', 502],
    ] as const) {
      answering(body);
      expect((await harness.send(path, GENERATE)).status).toBe(status);
    }
    await harness.publish(harness.document());
  });
});
