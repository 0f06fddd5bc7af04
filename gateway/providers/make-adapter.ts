import { openaiEmbeddingUpstream } from "#gateway/dialects/embedding-openai.ts";
import { type UsageReader, usageOfAction } from "#gateway/dialects/usage-reader.ts";
import type { ForwardedAction } from "#lib/contract/action.ts";
import type { Authorize, EmbeddingTranslation, ProviderAdapter, Quirks, Translation } from "./contract.ts";

export type Endpoints = Readonly<Partial<Record<ForwardedAction, string>>>;

/** What sets a provider apart; what is left out is as everybody does it. */
export interface AdapterParts {
  readonly kind: string;
  readonly endpoints: Endpoints;
  readonly authorize: Authorize;
  readonly streamEndpoints?: Endpoints;
  readonly headers?: readonly string[];
  readonly translation?: Translation | null;
  /** Where none is given, a provider that serves OpenAI's embeddings is asked for them there. */
  readonly embedding?: EmbeddingTranslation;
  readonly quirks?: Partial<Quirks>;
  /** Readers of usage that are not those of the action's dialect. */
  readonly usage?: Readonly<Partial<Record<ForwardedAction, UsageReader>>>;
}

/** A dialect spoken to the letter: what every vendor without ways of its own has. */
export const NO_QUIRKS: Quirks = { renames: {}, adds: {}, omitsModel: false, takesStreamOptions: true };

function openaiEmbedding({ embeddings }: Endpoints): EmbeddingTranslation | null {
  return embeddings === undefined ? null : { dialect: openaiEmbeddingUpstream, path: embeddings };
}

/** Makes an adapter of what sets a provider apart. */
export function makeAdapter(parts: AdapterParts): ProviderAdapter {
  const {
    kind,
    endpoints,
    authorize,
    streamEndpoints = {},
    headers = [],
    translation = null,
    embedding = openaiEmbedding(endpoints),
    quirks,
    usage = {},
  } = parts;
  return {
    kind,
    endpoints,
    streamEndpoints,
    headers,
    translation,
    embedding,
    quirks: quirks === undefined ? NO_QUIRKS : { ...NO_QUIRKS, ...quirks },
    authorize,
    usageOf: (action) => usage[action] ?? usageOfAction(action),
  };
}
