import type { BodyFacts, OutputBoundField } from "#gateway/stream/body-fields.ts";
import type { GatewayAction } from "#lib/contract/action.ts";

/** The fields that bound an answer of an action, the one that is written where there is none first. */
export type BoundFields = readonly [OutputBoundField, ...OutputBoundField[]] | "generationConfig";

/** Which fields an action's upstream goes by; null for an action whose answer has no length in tokens. */
export function boundFieldsOf(action: GatewayAction, chatField: OutputBoundField): BoundFields | null {
  switch (action) {
    case "chat.completions":
      return chatField === "max_tokens"
        ? ["max_tokens", "max_completion_tokens"]
        : ["max_completion_tokens", "max_tokens"];
    case "completions":
    case "messages":
      return ["max_tokens"];
    case "responses":
      return ["max_output_tokens"];
    case "generate_content":
    case "stream_generate_content":
      return "generationConfig";
    default:
      return null;
  }
}

/** Bytes to put in the place of a span of the body. */
interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function spliced(body: Buffer, splices: readonly Splice[]): Buffer {
  const parts: Buffer[] = [];
  let from = 0;
  for (const { start, end, text } of splices) {
    parts.push(body.subarray(from, start), Buffer.from(text));
    from = end;
  }
  parts.push(body.subarray(from));
  return Buffer.concat(parts);
}

const SPACE: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** Puts a field at the head of the body, which is a well-formed JSON object. */
function inserted(body: Buffer, field: string): Splice {
  const start = body.indexOf(0x7b) + 1;
  let next = start;
  while (SPACE.has(body[next] ?? 0)) next += 1;
  return { start, end: start, text: body[next] === 0x7d ? field : `${field},` };
}

function clampGeneration(body: Buffer, { generationConfig }: BodyFacts, tokensMax: number): Buffer | null {
  if (generationConfig === null) {
    return spliced(body, [inserted(body, `"generationConfig":{"maxOutputTokens":${tokensMax}}`)]);
  }
  const { maxOutputTokens, max_output_tokens: other, ...rest } = generationConfig.value;
  const asked = maxOutputTokens ?? other;
  if (typeof asked === "number" && asked >= 0 && asked <= tokensMax) return null;
  const text = JSON.stringify({ ...rest, maxOutputTokens: tokensMax });
  return spliced(body, [{ start: generationConfig.start, end: generationConfig.end, text }]);
}

/**
 * The body with no bound on the answer above `tokensMax`: a larger one is lowered, and where the upstream would find none,
 * one is written. Every other byte stays. Null when the body is within the bound as it is.
 */
export function clampBody(body: Buffer, facts: BodyFacts, fields: BoundFields, tokensMax: number): Buffer | null {
  if (fields === "generationConfig") return clampGeneration(body, facts, tokensMax);
  const splices: Splice[] = [];
  if (!facts.outputBounds.some(({ field }) => fields.includes(field))) {
    splices.push(inserted(body, `"${fields[0]}":${tokensMax}`));
  }
  for (const { start, end, tokens } of facts.outputBounds) {
    if (tokens === null || tokens > tokensMax) splices.push({ start, end, text: String(tokensMax) });
  }
  return splices.length === 0 ? null : spliced(body, splices);
}
