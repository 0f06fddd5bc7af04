import type { CredentialKind } from "../../contract/credential-kind.ts";
import { defaultBaseUrl, findOptionProblems, type ProviderOptions, providerOf } from "../../contract/providers.ts";
import { DomainError, invalidField } from "../errors.ts";

/** Refuses options that a provider does not have, lacks or cannot take: 422 with one entry for each. */
export function requireOptions({ provider, options }: { provider: string; options: ProviderOptions }): void {
  const problems = findOptionProblems(provider, options);
  if (problems.length === 0) return;
  throw new DomainError(
    "invalid_request",
    problems.map(({ detail }) => detail).join(" "),
    problems.map(({ name, code, detail }) => ({ pointer: `/options/${name}`, code, detail })),
  );
}

/** The address of an upstream: its own, or the one its provider has with these options. 422 where there is none. */
export function addressOf(input: { provider: string; options: ProviderOptions; baseUrl?: string | undefined }): string {
  const address = input.baseUrl ?? defaultBaseUrl(input.provider, input.options);
  if (address !== null) return address;
  throw invalidField("/baseUrl", "required", "This provider has no address of its own. Give the upstream's.");
}

/** The address after a change: one that was the provider's own follows the options, unless the change names another. */
export function addressAfter(
  before: { provider: string; options: ProviderOptions; baseUrl: string },
  changed: { provider: string; options: ProviderOptions; baseUrl: string },
): string {
  const wasOwn = before.baseUrl === defaultBaseUrl(before.provider, before.options);
  if (!wasOwn || changed.baseUrl !== before.baseUrl) return changed.baseUrl;
  return defaultBaseUrl(changed.provider, changed.options) ?? changed.baseUrl;
}

/** Refuses a credential of a kind that a provider does not take. */
export function requireCredentialKind(provider: string, kind: CredentialKind, pointer: string): void {
  const kinds = providerOf(provider)?.credentials ?? [];
  if (kinds.includes(kind)) return;
  throw invalidField(pointer, "credential_kind", `This provider takes a credential of kind ${kinds.join(" or ")}.`);
}
