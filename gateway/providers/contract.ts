import type { UpstreamDialect } from "#gateway/dialects/dialect.ts";
import type { ForwardedAction } from "#lib/contract/action.ts";
import type { TokenUsage } from "#lib/contract/usage-event.ts";

/** How a generation that was asked in another dialect is sent to a provider. */
export interface Translation {
  readonly dialect: UpstreamDialect;
  /** Path (and query) below the base URL for a whole answer; `{model}` stands for the target's model, percent-encoded. */
  readonly path: string;
  /** The same for a streamed answer. */
  readonly streamPath: string;
  /** Headers the dialect needs beside the credential, such as its version: a flat list of names and values. */
  readonly headers: readonly string[];
}

/**
 * An adapter kind. Capability is the presence of a path: an action without one is not spoken by this provider.
 * Everything here is asked when a revision is applied, except `readUsage`, which runs once per call.
 */
export interface ProviderAdapter {
  readonly kind: string;
  /** Path below the upstream's base URL for each action it can serve. */
  readonly paths: Readonly<Partial<Record<ForwardedAction, string>>>;
  /** For a generation asked in a dialect this provider does not speak; null where nothing can be translated for it. */
  readonly translation: Translation | null;
  /** The headers that carry the credential, as a flat list of names and values. */
  credentialHeaders(secret: string): readonly string[];
  /** Reads the token counts out of the provider's own usage object; null when they are not usable numbers. */
  readUsage(usage: unknown): TokenUsage | null;
}
