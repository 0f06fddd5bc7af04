import type { UpstreamDialect } from "#gateway/dialects/dialect.ts";
import type { EmbeddingUpstream } from "#gateway/dialects/embedding.ts";
import type { UsageReader } from "#gateway/dialects/usage-reader.ts";
import type { ForwardedAction } from "#lib/contract/action.ts";
import type { CredentialKind } from "#lib/contract/credential-kind.ts";
import type { KnownParameter } from "#lib/contract/known-parameters.ts";
import type { ProviderOptions } from "#lib/contract/providers.ts";

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

/** How embeddings that were asked in another dialect are sent to a provider. */
export interface EmbeddingTranslation {
  readonly dialect: EmbeddingUpstream;
  /** Path below the base URL; `{model}` as in `Translation`. */
  readonly path: string;
}

/** The request that a credential is for, as it is about to be sent. */
export interface OutgoingRequest {
  readonly method: string;
  /** Scheme, host and port. */
  readonly origin: string;
  /** Path and query as sent. */
  readonly path: string;
  readonly contentType: string;
  readonly body: Buffer;
}

/** A credential as an adapter uses it; `secret` has the form of its kind. */
export interface ProviderCredential {
  readonly kind: CredentialKind;
  readonly secret: string;
}

/** Thrown where a credential cannot be used: the provider refuses it, or it has not the form it must have. */
export class CredentialRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = "CredentialRefused";
  }
}

/** What a credential that is exchanged for a token needs: one bounded request through the guarded client, and the time. */
export interface ProviderTools {
  /** Rejects with `an error` when no answer comes in time. */
  ask(request: {
    readonly url: string;
    readonly contentType: string;
    readonly body: string;
  }): Promise<{ readonly status: number; readonly body: Buffer }>;
  /** Milliseconds since 1970. */
  nowMs(): number;
}

/**
 * The headers that carry a credential, as a flat list. At once where they are the same for every request; a promise where
 * they are signed or exchanged, which rejects when that fails.
 */
export type Authorize = (
  outgoing: OutgoingRequest,
  credential: ProviderCredential,
  options: ProviderOptions,
  tools: ProviderTools,
) => readonly string[] | Promise<readonly string[]>;

/** Where a vendor differs from the dialect it speaks. */
export interface Quirks {
  /** Top-level parameters that go by another name there: the dialect's name to the vendor's. */
  readonly renames: Readonly<Partial<Record<KnownParameter, string>>>;
  /** Fields that every body must have. */
  readonly adds: Readonly<Record<string, string>>;
  /** The path names the model, and a body that does too is refused. */
  readonly omitsModel: boolean;
  /** False: streams tell their usage by themselves, and a request that asks for it is refused. */
  readonly takesStreamOptions: boolean;
}

/**
 * How one kind of provider is spoken to. Capability is the presence of an endpoint: an action without one is not served.
 * Everything here is asked when a revision is applied, except `authorize` and the usage readers, which run for each call.
 */
export interface ProviderAdapter {
  readonly kind: string;
  /** Path (and query) below the base URL for each action; `{model}` is the target's model, `{name}` an option. */
  readonly endpoints: Readonly<Partial<Record<ForwardedAction, string>>>;
  /** The path for a stream, where that is another than for a whole answer. */
  readonly streamEndpoints: Readonly<Partial<Record<ForwardedAction, string>>>;
  /** Headers that every request needs and a caller's own of the same name replaces: a flat list, names in lower case. */
  readonly headers: readonly string[];
  /** For a generation asked in a dialect this provider does not speak; null where nothing can be translated for it. */
  readonly translation: Translation | null;
  /** The same for embeddings. */
  readonly embedding: EmbeddingTranslation | null;
  readonly quirks: Quirks;
  readonly authorize: Authorize;
  /** How the answers of an action tell what they used. */
  usageOf(action: ForwardedAction): UsageReader;
}
