import type { EmbeddingCaller, EmbeddingRequest, EmbeddingUpstream } from "#gateway/dialects/embedding.ts";
import { EMBEDDING_CALLERS } from "#gateway/dialects/embedding-callers.ts";
import { NotCarried } from "#gateway/dialects/generation.ts";
import { isObject, parseJson } from "#gateway/dialects/json-fields.ts";
import type { CompiledEmbedding, CompiledTarget } from "#gateway/snapshot/snapshot.ts";
import { GATEWAY_ACTIONS } from "#lib/contract/action.ts";
import type { Call } from "../call.ts";
import type { Denial } from "../denial.ts";
import { rewriteBody } from "../passed-body.ts";
import { BAD_BODY, noteTranslation, refusal } from "./not-carried.ts";

/** A request for embeddings in the target's dialect, and the dialects of the way back. */
export interface TranslatedEmbedding {
  readonly body: Buffer;
  readonly form: EmbeddingRequest["form"];
  readonly caller: EmbeddingCaller;
  readonly upstream: EmbeddingUpstream;
}

/** As `translateRequest`, for embeddings. */
export function translateEmbedding(
  call: Call,
  target: CompiledTarget,
  embedding: CompiledEmbedding,
): TranslatedEmbedding | Denial {
  const { action, version } = call;
  const caller = action === "models" ? undefined : EMBEDDING_CALLERS[action];
  if (caller === undefined || version === null) throw new Error("A call that asks for no embedding was translated");
  const body = parseJson(call.body?.toString() ?? "");
  if (!isObject(body)) return BAD_BODY;
  const request = caller.readRequest(body);
  if (request instanceof NotCarried) return refusal(request, request.param);
  const dropped: string[] = [];
  const named = (param: string): string => caller.paramNames[param] ?? param;
  const written = embedding.dialect.writeRequest(request, {
    model: target.model,
    from: GATEWAY_ACTIONS[action] === "gemini" ? "gemini" : "openai_chat",
    onNotCarried: version.onNotCarried,
    onDropped: (param) => dropped.push(named(param)),
  });
  if (written instanceof NotCarried) return refusal(written, named(written.param));
  noteTranslation(call, target, `${GATEWAY_ACTIONS[action]} to ${embedding.dialect.name}`, dropped);
  const text = JSON.stringify(rewriteBody(written, target.upstream.provider.quirks));
  return { body: Buffer.from(text), form: request.form, caller, upstream: embedding.dialect };
}
