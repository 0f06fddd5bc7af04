import { PROVIDERS } from "#lib/contract/providers.ts";

export type ProviderChoice = { kind: string; label: string; defaultBaseUrl: string | null };

/** Every provider a node can speak to. */
export const providers: readonly ProviderChoice[] = PROVIDERS;

/** What people call a provider; an unknown kind keeps its own name. */
export function providerLabel(kind: string): string {
  return providers.find((provider) => provider.kind === kind)?.label ?? kind;
}

/** Where a provider without one address of its own may be found. */
export const exampleBaseUrl = "https://llm.example.com/v1";
