import { describe, expect, it } from "vitest";
import { findEventUsage } from "./usage-scan.ts";

const KEY = Buffer.from('"usage"');
const find = (event: object): unknown => findEventUsage(Buffer.from(`data: ${JSON.stringify(event)}\n\n`), KEY);

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
});
