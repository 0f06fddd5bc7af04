/** The provider kinds a node has an adapter for: the control plane validates `provider` against this list. */
export const PROVIDERS = [
  { kind: "openai", label: "OpenAI", defaultBaseUrl: "https://api.openai.com/v1" },
  { kind: "openai_compatible", label: "OpenAI-compatible", defaultBaseUrl: null },
] as const satisfies readonly { kind: string; label: string; defaultBaseUrl: string | null }[];

export type ProviderKind = (typeof PROVIDERS)[number]["kind"];

/** Whether a node can speak to an upstream of this kind. */
export function isProviderKind(text: string): text is ProviderKind {
  return PROVIDERS.some((provider) => provider.kind === text);
}
