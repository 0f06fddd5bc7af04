import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { LOG_OPTIONS } from "./log.ts";

function lineOf(facts: object, message: string): string {
  const lines: string[] = [];
  pino(LOG_OPTIONS, { write: (text: string) => void lines.push(text) }).info(facts, message);
  return lines.join("");
}

describe("log", () => {
  it("blacks out members that hold secrets, at the top and below", () => {
    const secrets = {
      authorization: "canary",
      cookie: "canary",
      "set-cookie": "canary",
      "x-api-key": "canary",
      secret: "canary",
      password: "canary",
      token: "canary",
    };
    const line = lineOf({ ...secrets, request: { ...secrets, headers: secrets } }, "hello");
    expect(line).not.toContain("canary");
    expect(line.match(/\[redacted\]/g)).toHaveLength(21);
    expect(line).toContain("hello");
  });

  it("blacks out secrets in the middle of a text, an error's too", () => {
    const keys = ["tp_0123456789abcdefABCDEF", "tpm_0123456789abcdefABCDEF", "sk-proj-0123456789abcdef"];
    for (const key of keys) {
      const line = lineOf({ err: new Error(`refused ${key}`) }, `key=${key}; and more`);
      expect(line).not.toContain(key.slice(4));
      expect(JSON.parse(line).msg).toContain("; and more");
    }
  });

  it("leaves ids and ordinary words alone", () => {
    const line = lineOf({ id: "req_01a20d7993bc73c4bf991fc3391f13f1", usage: { inputTokens: 12 } }, "task-force done");
    expect(line).not.toContain("redacted");
  });
});
