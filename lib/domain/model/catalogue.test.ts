import { describe, expect, it } from "vitest";
import { PROVIDERS } from "../../contract/providers.ts";
import { listedModels } from "./catalogue.ts";

const models = listedModels(new Date("2026-11-24T10:00:00Z"));

describe("the catalogue", () => {
  it("knows at least 300 models with context window, modalities and price", () => {
    const whole = models.filter(({ contextTokens, modalities, price }) => contextTokens && modalities && price);
    expect(whole.length).toBeGreaterThanOrEqual(300);
    expect(models.length).toBeGreaterThan(1_000);
  });

  it("names each model of a provider once, and only providers that nodes speak to", () => {
    const keys = models.map(({ provider, model }) => `${provider}\n${model}`);
    expect(new Set(keys).size).toBe(keys.length);
    const kinds = new Set<string>(PROVIDERS.map(({ kind }) => kind));
    expect(models.filter(({ provider }) => !kinds.has(provider))).toEqual([]);
  });

  it.each([
    ["openai", "gpt-4o-mini", 128_000, "0.15"],
    ["azure_openai", "gpt-4o-mini", 128_000, "0.15"],
    ["anthropic", "claude-sonnet-4-20250514", 200_000, "3"],
    ["gemini", "gemini-2.5-flash", 1_048_576, "0.3"],
  ])("has %s's %s", (provider, model, contextTokens, dollars) => {
    const found = models.find((each) => each.provider === provider && each.model === model);
    expect(found?.contextTokens).toBe(contextTokens);
    expect(found?.price?.input?.[0]?.dollars).toBe(dollars);
    expect(found?.modalities?.input).toContain("image");
    expect(found?.modalities?.output).toEqual(["text"]);
  });

  it("works a day out once", () => {
    expect(listedModels(new Date("2026-11-24T23:00:00Z"))).toBe(models);
  });
});
