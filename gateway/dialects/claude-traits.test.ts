import { expect, it } from "vitest";
import { claudeTraits } from "./claude-traits.ts";

it.each([
  ["claude-3-haiku-20240307", "never", 4_096],
  ["claude-3-5-sonnet@20240620", "never", 8_192],
  ["claude-3-7-sonnet-20250219", "by_budget", 32_000],
  ["claude-sonnet-4-20250514", "by_budget", 32_000],
  ["eu.anthropic.claude-haiku-4-5-20251001-v1:0", "by_budget", 32_000],
  ["claude-opus-4.5", "by_budget", 32_000],
  ["claude-opus-4-6", "by_effort", 32_000],
  ["claude-sonnet-5", "by_effort", 32_000],
  ["claude-fable-5-1", "by_effort", 32_000],
  ["claude-latest", "by_effort", 32_000],
  ["demo-small", "by_effort", 32_000],
])("%s thinks %s and gets %i tokens where none are asked for", (model, thinks, outputTokensDefault) => {
  expect(claudeTraits(model)).toEqual({ thinks, outputTokensDefault });
});
