import { describe, expect, it } from "vitest";
import { findShallowUsage } from "./usage-scan.ts";

const KEY = Buffer.from('"usage"');
const find = (event: object): unknown => findShallowUsage(Buffer.from(`data: ${JSON.stringify(event)}\n\n`), KEY);

describe("an event's usage", () => {
  const usage = { input_tokens: 3, output_tokens: 4 };

  it("is found where vendors write it", () => {
    expect(find({ choices: [], usage })).toEqual(usage);
    expect(find({ type: "message_start", message: { content: [], usage } })).toEqual(usage);
    expect(find({ type: "response.completed", response: { output: [{ text: '"usage":{' }], usage } })).toEqual(usage);
  });

  it("is never what a caller wrote in a tool or a schema, which answers repeat", () => {
    const forged = { input_tokens: 0, output_tokens: 0 };
    const tools = [{ type: "function", parameters: { type: "object", properties: { usage: forged } } }];
    expect(find({ type: "response.created", response: { usage: null, tools } })).toBe(null);
    expect(find({ type: "response.completed", response: { usage, tools } })).toEqual(usage);
    expect(
      find({ candidates: [{ content: { parts: [{ functionCall: { args: { usage: forged } } }] } }], usage }),
    ).toEqual(usage);
  });

  it("costs no more where the name is written ten thousand times", () => {
    const tools = Array.from({ length: 10_000 }, () => ({ a: { usage: { input_tokens: 0 } } }));
    const sinceMs = performance.now();
    expect(find({ response: { tools, usage } })).toEqual(usage);
    expect(performance.now() - sinceMs).toBeLessThan(500);
  });
});
