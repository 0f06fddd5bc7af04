import { describe, expect, it } from "vitest";
import { CALLER_DIALECTS } from "#gateway/dialects/caller-dialects.ts";
import { EMBEDDING_CALLERS } from "#gateway/dialects/embedding-callers.ts";
import { GENERATIONS, PROVIDER_ACTIONS, providerServes } from "#lib/contract/provider-actions.ts";
import { PROVIDERS } from "#lib/contract/providers.ts";
import { providerAdapter } from "./registry.ts";

/** Every choice of every option once, the others as in their examples. */
function variants(options: readonly { name: string; example: string; choices?: readonly string[] }[]) {
  const usual = Object.fromEntries(options.map(({ name, example }) => [name, example]));
  const others = options.flatMap(({ name, choices = [] }) => choices.map((choice) => ({ ...usual, [name]: choice })));
  return [{}, usual, ...others];
}

describe("what the control plane knows of providers", () => {
  it.each(PROVIDERS.map(({ kind, options }) => [kind, options] as const))(
    "is what the adapter of %s serves",
    (kind, options) => {
      const served = new Set<string>();
      for (const variant of variants(options)) {
        for (const action of Object.keys(providerAdapter(kind, variant)?.endpoints ?? {})) served.add(action);
      }
      const beside = [...served].filter((action) => !GENERATIONS.some((each) => each === action) && action !== "http");
      expect([...(PROVIDER_ACTIONS[kind] ?? [])].toSorted()).toEqual(beside.toSorted());
      for (const action of served) expect(providerServes(kind, action)).toBe(true);
    },
  );

  it.each(PROVIDERS.map(({ kind, options }) => [kind, options] as const))(
    "counts the embeddings that %s is asked for by translation",
    (kind, options) => {
      const translates = variants(options).some((each) => (providerAdapter(kind, each)?.embedding ?? null) !== null);
      const beside = Object.keys(EMBEDDING_CALLERS).filter((action) => action !== "embed_content");
      for (const action of beside) expect(providerServes(kind, action)).toBe(translates);
    },
  );

  it("counts as generations what can be translated", () => {
    expect(Object.keys(CALLER_DIALECTS).toSorted()).toEqual([...GENERATIONS].toSorted());
  });
});
