import type { CredentialKind } from "#lib/contract/credential-kind.ts";
import { PROVIDERS, type Provider, type ProviderGroup, providerOf } from "#lib/contract/providers.ts";

export type ProviderChoice = Provider;

/** Every provider a node can speak to. */
export const providers: readonly ProviderChoice[] = PROVIDERS;

/** The headings of the gallery, in its order. */
export const providerGroups: readonly ProviderGroup[] = ["Model makers", "Clouds", "Inference hosts", "Your own"];

/** What people call a provider; an unknown kind keeps its own name. */
export function providerLabel(kind: string): string {
  return providerOf(kind)?.label ?? kind;
}

/** Where a provider is called, in one line: an address that is made of options is told by what it is made of. */
export function addressLine({ defaultBaseUrl, options }: ProviderChoice): string {
  if (defaultBaseUrl === null) return "At an address of yours";
  const parts = options.filter(({ name }) => defaultBaseUrl.includes(`{${name}}`));
  if (parts.length === 0) return defaultBaseUrl;
  return `Address by ${parts.map(({ label }) => label.toLowerCase()).join(" and ")}`;
}

/** Where a provider without one address of its own may be found. */
export const exampleBaseUrl = "https://llm.example.com/v1";

const kindWords: Record<string, string> = {
  apiKey: "API key",
  awsKeys: "AWS access keys",
  serviceAccount: "Service account key file",
} satisfies Record<CredentialKind, string>;

/** What people call the form of a credential. */
export function credentialKindWords(kind: string): string {
  return kindWords[kind] ?? kind;
}

/** An option's value in words: its label with what was set. */
export function optionFacts(
  kind: string,
  options: Readonly<Record<string, string>>,
): { label: string; value: string }[] {
  const known = providerOf(kind)?.options ?? [];
  return Object.entries(options).map(([name, value]) => ({
    label: known.find((option) => option.name === name)?.label ?? name,
    value,
  }));
}
