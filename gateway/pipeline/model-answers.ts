import type { CompiledVersion } from "#gateway/snapshot/snapshot.ts";
import type { CallerFormat, ForwardedAction } from "#lib/contract/action.ts";

/** A model under the name a caller gives it. */
export interface NamedModel {
  readonly name: string;
  readonly version: CompiledVersion;
}

/** Nothing is known of when a route was made, and the field must be there. */
const NO_TIME = "1970-01-01T00:00:00Z";

const GEMINI_METHODS: readonly (readonly [ForwardedAction, string])[] = [
  ["generate_content", "generateContent"],
  ["stream_generate_content", "streamGenerateContent"],
  ["embed_content", "embedContent"],
  ["batch_embed_contents", "batchEmbedContents"],
];

function geminiModel({ name, version }: NamedModel): unknown {
  const methods = GEMINI_METHODS.filter(([action]) => version.forAction.has(action)).map(([, method]) => method);
  return {
    name: `models/${name}`,
    version: version.version,
    displayName: name,
    supportedGenerationMethods: methods,
  };
}

/** One model as a format shows it. */
export function modelAnswer(format: CallerFormat, model: NamedModel): unknown {
  const { name: id } = model;
  if (format === "anthropic") return { type: "model", id, display_name: id, created_at: NO_TIME };
  return format === "gemini" ? geminiModel(model) : { id, object: "model", created: 0, owned_by: "turnpike" };
}

/** All models a key may call, in one page, as a format lists them. */
export function modelListAnswer(format: CallerFormat, models: readonly NamedModel[]): unknown {
  const data = models.map((model) => modelAnswer(format, model));
  if (format === "gemini") return { models: data };
  if (format !== "anthropic") return { object: "list", data };
  return { data, has_more: false, first_id: models.at(0)?.name ?? null, last_id: models.at(-1)?.name ?? null };
}
