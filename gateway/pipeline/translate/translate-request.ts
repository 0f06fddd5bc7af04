import { CALLER_DIALECTS } from "#gateway/dialects/caller-dialects.ts";
import type { CallerDialect } from "#gateway/dialects/dialect.ts";
import { type GenerationRequest, NotCarried } from "#gateway/dialects/generation.ts";
import { isObject, parseJson } from "#gateway/dialects/json-fields.ts";
import type { CompiledTarget, CompiledTranslation } from "#gateway/snapshot/snapshot.ts";
import type { Call } from "../call.ts";
import { Denial } from "../denial.ts";
import { rewriteBody } from "../passed-body.ts";
import { BAD_BODY, noteTranslation, refusal } from "./not-carried.ts";

/** A request in the target's dialect, and the dialects of the way back. */
export interface TranslatedRequest {
  readonly body: Buffer;
  /** What was asked for. */
  readonly request: GenerationRequest;
  readonly caller: CallerDialect;
  readonly translation: CompiledTranslation;
}

/** The caller's request as every dialect can say it, read once per call; or why it cannot be read. */
function readGeneration(call: Call, caller: CallerDialect): GenerationRequest | Denial {
  const body = parseJson(call.body?.toString() ?? "");
  if (!isObject(body)) return BAD_BODY;
  const read = caller.readRequest(body, call.facts?.stream === true);
  return read instanceof NotCarried ? refusal(read, read.param) : read;
}

/**
 * Writes the caller's request in the dialect of a target. What that dialect cannot carry refuses the call, or is left out
 * and noted in the decision, as the route version says.
 */
export function translateRequest(
  call: Call,
  target: CompiledTarget,
  translation: CompiledTranslation,
): TranslatedRequest | Denial {
  const caller = call.action === "models" ? undefined : CALLER_DIALECTS[call.action];
  if (caller === undefined || call.version === null) throw new Error("A call that no dialect reads was translated");
  call.generation ??= readGeneration(call, caller);
  if (call.generation instanceof Denial) return call.generation;
  const dropped: string[] = [];
  const named = (param: string): string => caller.paramNames[param] ?? param;
  const written = translation.dialect.writeRequest(call.generation, {
    model: target.model,
    from: caller.name,
    onNotCarried: call.version.onNotCarried,
    onDropped: (param) => dropped.push(named(param)),
  });
  if (written instanceof NotCarried) return refusal(written, named(written.param));
  noteTranslation(call, target, `${caller.name} to ${translation.dialect.name}`, dropped);
  const body = JSON.stringify(rewriteBody(written, target.upstream.provider.quirks));
  return { body: Buffer.from(body), request: call.generation, caller, translation };
}
