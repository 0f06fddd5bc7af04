import type { ProviderAdapter } from "#gateway/providers/contract.ts";
import { type ForwardedAction, GATEWAY_ACTIONS } from "#lib/contract/action.ts";
import { fillOptions, type ProviderOptions } from "#lib/contract/providers.ts";
import { RevisionRejected } from "./revision-rejected.ts";
import type { CompiledEmbedding, CompiledEndpoint, CompiledTranslation } from "./snapshot.ts";

/** What the paths of a target are made of. */
export interface EndpointParts {
  readonly provider: ProviderAdapter;
  readonly options: ProviderOptions;
  readonly model: string;
  /** The full path of something below the base URL. */
  atPath(tail: string): string;
  /** Where the upstream stands in the document. */
  readonly at: string;
}

/** Everything but what a path may hold as it is; `@` stands in names of Google's models. */
function encodeModel(model: string): string {
  return encodeURIComponent(model).replaceAll("%40", "@");
}

function fill(parts: EndpointParts, template: string): string {
  const filled = fillOptions(template.replaceAll("{model}", encodeModel(parts.model)), parts.options);
  if (filled === null) throw new RevisionRejected("not_runnable", parts.at, "An option of this provider is missing.");
  return parts.atPath(filled);
}

function isForwarded(action: string): action is ForwardedAction {
  return action !== "models" && Object.hasOwn(GATEWAY_ACTIONS, action);
}

/** Works out where a target serves each action that its provider speaks. */
export function compileEndpoints(parts: EndpointParts): Readonly<Partial<Record<ForwardedAction, CompiledEndpoint>>> {
  const { endpoints, streamEndpoints } = parts.provider;
  const compiled: Partial<Record<ForwardedAction, CompiledEndpoint>> = {};
  for (const [action, template] of Object.entries(endpoints)) {
    if (!isForwarded(action)) continue;
    const streamTemplate = streamEndpoints[action];
    const path = fill(parts, template);
    const streamPath = streamTemplate === undefined ? path : fill(parts, streamTemplate);
    compiled[action] = { path, streamPath, usage: parts.provider.usageOf(action) };
  }
  return compiled;
}

/** A provider's translation with the paths of one target; null where nothing can be translated for it. */
export function compileTranslation(parts: EndpointParts): CompiledTranslation | null {
  const { translation } = parts.provider;
  if (translation === null) return null;
  const { dialect, headers, path, streamPath } = translation;
  return { dialect, headers, path: fill(parts, path), streamPath: fill(parts, streamPath) };
}

/** The same for embeddings. */
export function compileEmbedding(parts: EndpointParts): CompiledEmbedding | null {
  const { embedding } = parts.provider;
  return embedding === null ? null : { dialect: embedding.dialect, path: fill(parts, embedding.path) };
}
