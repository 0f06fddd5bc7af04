import type { ForwardedAction } from "#lib/contract/action.ts";
import type { TokenUsage } from "#lib/contract/usage-event.ts";

/**
 * An adapter kind. Capability is the presence of a path: an action without one is not spoken by this provider.
 * Everything here is asked when a revision is applied, except `readUsage`, which runs once per call.
 */
export interface ProviderAdapter {
  readonly kind: string;
  /** Path below the upstream's base URL for each action it can serve. */
  readonly paths: Readonly<Partial<Record<ForwardedAction, string>>>;
  /** The headers that carry the credential, as a flat list of names and values. */
  credentialHeaders(secret: string): readonly string[];
  /** Reads the token counts out of the provider's own usage object; null when they are not usable numbers. */
  readUsage(usage: unknown): TokenUsage | null;
}
