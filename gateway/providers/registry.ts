import type { ProviderKind } from "#lib/contract/providers.ts";
import type { ProviderAdapter } from "./contract.ts";
import { openai, openaiCompatible } from "./openai/adapter.ts";

/** Every adapter this node carries: explicit, so that one look says what is compiled in. */
const ADAPTERS: Readonly<Record<ProviderKind, ProviderAdapter>> = {
  openai,
  openai_compatible: openaiCompatible,
};

const BY_KIND: ReadonlyMap<string, ProviderAdapter> = new Map(Object.entries(ADAPTERS));

/** The adapter of a kind, or undefined: a revision that names an unknown kind is rejected. */
export function providerAdapter(kind: string): ProviderAdapter | undefined {
  return BY_KIND.get(kind);
}
