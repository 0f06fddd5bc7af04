import { EMBEDDING_CALLERS } from "#gateway/dialects/embedding-callers.ts";
import { httpRequest } from "#gateway/http-routes/http-request.ts";
import type { CompiledTarget } from "#gateway/snapshot/snapshot.ts";
import { asksForUsage } from "#gateway/stream/splice-body.ts";
import type { AnswerForm } from "./answer-form.ts";
import type { Call } from "./call.ts";
import { Denial } from "./denial.ts";
import { addCallerHeaders } from "./header-rules.ts";
import { wantsJsonArray } from "./json-array.ts";
import { passedBody } from "./passed-body.ts";
import { PassedForm } from "./passed-form.ts";
import { EmbeddingForm } from "./translate/embedding-form.ts";
import { translateEmbedding } from "./translate/translate-embedding.ts";
import { translateRequest } from "./translate/translate-request.ts";
import { TranslatedForm } from "./translate/translated-form.ts";

const JSON_TYPE = "application/json";

/** A call as it is sent to one target, and how the answer becomes the caller's. */
export interface PreparedRequest {
  readonly path: string;
  readonly contentType: string;
  /** Flat list of names and values, without the credential's. */
  readonly headers: string[];
  readonly body: Buffer;
  /** Null for a REST call, whose answer is nobody's to read. */
  readonly form: AnswerForm | null;
  /** POST where none is given. */
  readonly method?: string;
}

function requestHeaders(
  call: Call,
  target: CompiledTarget,
  contentType: string,
  dialectHeaders: readonly string[] | null,
): string[] {
  const headers = ["content-type", contentType, "accept-encoding", "identity", "x-request-id", call.id];
  if (call.traceparent !== null) headers.push("traceparent", call.traceparent);
  if (dialectHeaders !== null) for (const part of dialectHeaders) headers.push(part);
  addCallerHeaders(headers, call.request.rawHeaders, dialectHeaders !== null);
  addMissing(headers, target.upstream.provider.headers);
  return headers;
}

/** Adds those of a provider's own headers that are not there yet. */
function addMissing(headers: string[], own: readonly string[]): void {
  for (let place = 0; place + 1 < own.length; place += 2) {
    const name = own[place] ?? "";
    if (!headers.includes(name)) headers.push(name, own[place + 1] ?? "");
  }
}

function passedPath(call: Call, path: string): string {
  return wantsJsonArray(call) ? path.replace("?alt=sse", "") : path;
}

/** Puts a call in the words of a target: as it came where the provider speaks the caller's dialect, else translated. */
export function prepareRequest(call: Call, target: CompiledTarget, secret: string | null): PreparedRequest | Denial {
  const { body, facts, action } = call;
  if (action === "http") return { ...httpRequest(call, target, secret), form: null };
  if (body === null || facts === null || action === "models") throw new Error("A call reached forward unprepared");
  const endpoint = target.endpoints[action];
  if (endpoint !== undefined) {
    return {
      path: passedPath(call, facts.stream ? endpoint.streamPath : endpoint.path),
      contentType: call.contentType,
      headers: requestHeaders(call, target, call.contentType, null),
      body: passedBody(call, target, body, facts),
      form: new PassedForm(call, endpoint.usage, secret),
    };
  }
  return EMBEDDING_CALLERS[action] === undefined ? translated(call, target, secret) : embedded(call, target, secret);
}

function embedded(call: Call, target: CompiledTarget, secret: string | null): PreparedRequest | Denial {
  const { embedding } = target;
  if (embedding === null) throw new Error("A call reached a target that cannot serve it");
  const request = translateEmbedding(call, target, embedding);
  if (request instanceof Denial) return request;
  return {
    path: embedding.path,
    contentType: JSON_TYPE,
    headers: requestHeaders(call, target, JSON_TYPE, []),
    body: request.body,
    form: new EmbeddingForm(call, request, secret),
  };
}

function translated(call: Call, target: CompiledTarget, secret: string | null): PreparedRequest | Denial {
  const { translation } = target;
  const { facts } = call;
  if (translation === null || facts === null) throw new Error("A call reached a target that cannot serve it");
  const request = translateRequest(call, target, translation);
  if (request instanceof Denial) return request;
  const answerFacts = {
    callId: call.id,
    model: facts.model,
    createdSeconds: Math.floor(call.startedAtMs / 1_000),
    includeUsage: asksForUsage(facts),
    asJsonArray: wantsJsonArray(call),
    request: request.request,
  };
  return {
    path: facts.stream ? translation.streamPath : translation.path,
    contentType: JSON_TYPE,
    headers: requestHeaders(call, target, JSON_TYPE, translation.headers),
    body: request.body,
    form: new TranslatedForm(call, { caller: request.caller, upstream: translation.dialect }, answerFacts, secret),
  };
}
