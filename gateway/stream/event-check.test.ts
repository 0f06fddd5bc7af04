import { describe, expect, it } from "vitest";
import { EventCheck, type EventKind } from "./event-check.ts";

const MARK = /"finish_reason"\s*:\s*"/;
const END = 'data: {"choices":[{"finish_reason":"stop"}]}\n\n';
const USAGE = 'data: {"choices":[],"usage":{}}\n\n';

function checked(events: readonly string[]): { taken: EventKind[]; isWhole: boolean } {
  const check = new EventCheck(MARK);
  const taken = events.map((event) => check.take(Buffer.from(event)));
  return { taken, isWhole: check.isWhole };
}

describe("EventCheck", () => {
  it.each([
    ['data: {"a":1}\n\n'],
    ['data:{"a":1}\r\n\r\n'],
    ['event: x\ndata: {"a":1}\n\n'],
    ['data: {"a":1}\nid: 7\n\n'],
    ['data: {"a":\ndata: 1}\n\n'],
    ['data: {"error":null,"choices":[]}\n\n'],
    ['data: {"event":1}\n\n'],
    [": a comment\n\n"],
    ["event: ping\n\n"],
    ["data:\n\n"],
    ["\n"],
    ["data: [DONE]\n\n"],
    ['data: {"a":1}'],
  ])("takes %j", (event) => {
    expect(checked([event]).taken).toEqual(["good"]);
  });

  it.each([
    ['data: {"broken": \n\n'],
    ["data: [[[\n\n"],
    ["event: \u0000\ndata: [[[\n\n"],
    ["data: \ufffd(\n\n"],
    ["data: <html>\n\n"],
    ['data: {"a"'],
  ])("refuses %j", (event) => {
    expect(checked([event]).taken).toEqual(["garbage"]);
  });

  it.each([
    ['data: {"error":{"message":"no"}}\n\n'],
    ['event: error\ndata: {"type":"error","error":{}}\n\n'],
    ['event: error\r\ndata: { "type": "error" }\r\n\r\n'],
    ['data:{"type":"error","code":"x"}\n\n'],
  ])("knows the error %j", (event) => {
    expect(checked([event]).taken).toEqual(["error"]);
  });

  it("tells a whole stream by its last three events, or by [DONE]", () => {
    expect(checked([]).isWhole).toBe(false);
    expect(checked([USAGE]).isWhole).toBe(false);
    expect(checked([END]).isWhole).toBe(true);
    expect(checked([END, USAGE, ": bye\n\n"]).isWhole).toBe(true);
    expect(checked([END, USAGE, USAGE, USAGE]).isWhole).toBe(false);
    expect(checked([USAGE, "data: [DONE]\n\n"]).isWhole).toBe(true);
  });
});
