import { KNOWN_PARAMETERS } from "#lib/contract/known-parameters.ts";
import { type BodyFacts, BodyProblem } from "./body-fields.ts";
import { type FormPart, readParts } from "./form-parts.ts";

const KNOWN: ReadonlySet<string> = new Set(KNOWN_PARAMETERS);

/** The longest value of a field that is acted on. */
const FIELD_BYTES_MAX = 1_024;

const NO_STREAM_OPTIONS = { streamOptionsStart: -1, streamOptionsEnd: -1, streamOptions: null } as const;
const NO_BOUNDS = { outputBounds: [], generationConfig: null, maxOutputTokens: null } as const;

/** The one field of this name; null where there is none. */
function fieldOf(body: Buffer, parts: readonly FormPart[], name: string): string | null | BodyProblem {
  let found: FormPart | null = null;
  for (const part of parts) {
    if (part.name !== name) continue;
    if (found !== null) return new BodyProblem(`The form has two parts named "${name}".`, name);
    found = part;
  }
  if (found === null) return null;
  if (found.isFile || found.isEncoded || found.end - found.start > FIELD_BYTES_MAX) {
    return new BodyProblem(`The part "${name}" must be a short plain field.`, name);
  }
  return body.toString("utf8", found.start, found.end);
}

/** The names of the parts but the model's, as a JSON body's fields are told: each once, those of lists without brackets. */
function namesOf(parts: readonly FormPart[]): Pick<BodyFacts, "parameters" | "otherParameters"> {
  const names = new Set(parts.map(({ name }) => name.replace(/\[\w*\]$/, "")));
  names.delete("model");
  return {
    parameters: KNOWN_PARAMETERS.filter((name) => names.has(name)),
    otherParameters: [...names].filter((name) => !KNOWN.has(name)),
  };
}

/**
 * Finds what policy and metering need in a `multipart/form-data` body, and where its model stands, so that it can be put in
 * another's place with every other byte as it came. Refuses what two readers may read in two ways. Never throws.
 */
export function scanForm(body: Buffer, contentType: string): BodyFacts | BodyProblem {
  const parts = readParts(body, contentType);
  if (parts instanceof BodyProblem) return parts;
  const model = fieldOf(body, parts, "model");
  const stream = fieldOf(body, parts, "stream");
  const user = fieldOf(body, parts, "user");
  const count = fieldOf(body, parts, "n");
  for (const field of [model, stream, user, count]) if (field instanceof BodyProblem) return field;
  const place = parts.find((part) => part.name === "model");
  if (typeof model !== "string" || place === undefined) {
    return new BodyProblem("You must provide a model parameter.", "model");
  }
  const candidates = Number(count ?? 1);
  if (!Number.isSafeInteger(candidates) || candidates < 0) {
    return new BodyProblem('The part "n" must be a whole number.', "n");
  }
  return {
    model,
    modelIn: "form",
    modelStart: place.start,
    modelEnd: place.end,
    stream: typeof stream === "string" && stream.toLowerCase() === "true",
    user: typeof user === "string" ? user : null,
    candidates: Math.max(1, candidates),
    ...namesOf(parts),
    ...NO_STREAM_OPTIONS,
    ...NO_BOUNDS,
  };
}
