import { describe, expect, it } from "vitest";
import { keySnippets } from "./snippets.ts";

const parts = { gatewayUrl: "http://127.0.0.1:8080", secret: "tp_secret", model: "smart/fast" };

describe("keySnippets", () => {
  it("puts address, key and model into every sample that makes a call", () => {
    const samples = keySnippets(parts);
    expect(samples.map((sample) => sample.language)).toEqual(["curl", "openai-node", "openai-python", "env"]);
    for (const { code } of samples) {
      expect(code).toContain("http://127.0.0.1:8080/v1");
      expect(code).toContain("tp_secret");
    }
    for (const { code } of samples.slice(0, 3)) expect(code).toContain('"smart/fast"');
  });

  it("has a body that is JSON in the curl sample", () => {
    const body = /-d '([\s\S]+)'$/.exec(keySnippets(parts)[0].code)?.[1] ?? "";
    expect(JSON.parse(body)).toEqual({ model: "smart/fast", messages: [{ role: "user", content: "Hello!" }] });
  });

  it("lists the models where no route is published yet", () => {
    const [curl, node, python] = keySnippets({ ...parts, model: null });
    expect(curl.code).toContain("/v1/models");
    expect([node?.code, python?.code].every((code) => code?.includes("models.list()"))).toBe(true);
  });
});
