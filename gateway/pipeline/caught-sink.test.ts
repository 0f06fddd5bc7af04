import { afterAll, beforeAll, expect, it } from "vitest";
import { Harness } from "#gateway/testing/harness.ts";
import { completion, streamEvent } from "#gateway/testing/upstream.ts";
import type { Call, Reply } from "./call.ts";
import { ALLOW } from "./denial.ts";
import { PIPELINE } from "./stages.ts";

/** A reply that fails as a mistake in this program would: once, when an answer is whole or half out. */
class FailingReply implements Reply {
  private readonly inner: Reply;
  private readonly at: "whole" | "write";
  private hasFailed = false;
  private writes = 0;

  constructor(inner: Reply, at: "whole" | "write") {
    this.inner = inner;
    this.at = at;
  }

  get isStarted(): boolean {
    return this.inner.isStarted;
  }

  whole(status: number, headers: string[], body: Buffer): void {
    this.failAt("whole");
    this.inner.whole(status, headers, body);
  }

  begin(status: number, headers: string[]): void {
    this.inner.begin(status, headers);
  }

  write(chunk: Buffer): boolean {
    this.writes += 1;
    if (this.writes > 1) this.failAt("write");
    return this.inner.write(chunk);
  }

  end(): void {
    this.inner.end();
  }

  cut(): void {
    this.inner.cut();
  }

  private failAt(at: "whole" | "write"): void {
    if (this.hasFailed || at !== this.at) return;
    this.hasFailed = true;
    throw new Error("a mistake");
  }
}

let harness: Harness;
beforeAll(async () => {
  const sabotage = {
    name: "sabotage",
    isNeeded: () => true,
    hasOwnDeadline: true,
    run: (call: Call): typeof ALLOW => {
      if (call.userAgent === "whole" || call.userAgent === "write")
        call.reply = new FailingReply(call.reply, call.userAgent);
      return ALLOW;
    },
  };
  harness = await Harness.start({ stages: [...PIPELINE.slice(0, -1), sabotage, ...PIPELINE.slice(-1)] });
});
afterAll(() => harness.stop());

const ask = (agent: string, more: object = {}) =>
  harness.send(
    "/v1/chat/completions",
    JSON.stringify({ model: "smart", messages: [{ role: "user", content: "Say hello" }], ...more }),
    { authorization: `Bearer ${harness.secret}`, "user-agent": agent },
  );

it("an exception while an answer is relayed ends that call alone, with an error, and is charged", async () => {
  harness.first.answer = completion;
  const answer = await ask("whole");
  expect([answer.status, JSON.parse(answer.text).error.code]).toEqual([502, "upstream_error"]);
  expect(await harness.event(answer)).toMatchObject({ outcome: "error", status: 502, usage: { outputTokens: 40 } });
  expect(harness.first.received).toHaveLength(1);
  expect((await ask("other")).status).toBe(200);
});

it("cuts an answer that is under way", async () => {
  harness.first.answer = async (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" }).write(streamEvent("Hel"));
    await new Promise((resolve) => setTimeout(resolve, 30));
    response.end(`${streamEvent("lo")}data: [DONE]\n\n`);
  };
  const answer = await ask("write", { stream: true });
  expect([answer.status, answer.isCut]).toEqual([200, true]);
  expect(await harness.event(answer)).toMatchObject({ outcome: "error", errorCode: "upstream_error" });
  expect((await ask("other", { stream: true })).status).toBe(200);
});
