import type { CompiledTarget } from "#gateway/snapshot/snapshot.ts";
import { asksForUsage, spliceBody } from "#gateway/stream/splice-body.ts";
import type { AnswerForm } from "./answer-form.ts";
import type { Call } from "./call.ts";
import { Denial } from "./denial.ts";
import { addCallerHeaders } from "./header-rules.ts";
import { PassedForm } from "./passed-form.ts";
import { translateRequest } from "./translate/translate-request.ts";
import { TranslatedForm } from "./translate/translated-form.ts";

/** A call as it is sent to one target, and how the answer becomes the caller's. */
export interface PreparedRequest {
  readonly path: string;
  /** Flat list of names and values. */
  readonly headers: string[];
  readonly body: Buffer;
  readonly form: AnswerForm;
}

function requestHeaders(
  call: Call,
  target: CompiledTarget,
  secret: string | null,
  dialectHeaders: readonly string[] | null,
): string[] {
  const headers = ["content-type", "application/json", "accept-encoding", "identity", "x-request-id", call.id];
  if (secret !== null) for (const part of target.upstream.provider.credentialHeaders(secret)) headers.push(part);
  if (call.traceparent !== null) headers.push("traceparent", call.traceparent);
  if (dialectHeaders !== null) for (const part of dialectHeaders) headers.push(part);
  addCallerHeaders(headers, call.request.rawHeaders, dialectHeaders !== null);
  return headers;
}

/** Puts a call in the words of a target: as it came where the provider speaks the caller's dialect, else translated. */
export function prepareRequest(call: Call, target: CompiledTarget, secret: string | null): PreparedRequest | Denial {
  const { body, facts, action } = call;
  if (body === null || facts === null || action === "models") throw new Error("A call reached forward unprepared");
  const path = target.upstream.paths[action];
  if (path !== undefined) {
    const wantsUsage = facts.stream && action !== "embeddings";
    return {
      path,
      headers: requestHeaders(call, target, secret, null),
      body: spliceBody(body, facts, target.modelJson, wantsUsage),
      form: new PassedForm(call, target.upstream.provider, secret),
    };
  }
  return translated(call, target, secret);
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
  };
  return {
    path: facts.stream ? translation.streamPath : translation.path,
    headers: requestHeaders(call, target, secret, translation.headers),
    body: request.body,
    form: new TranslatedForm(call, { caller: request.caller, upstream: translation.dialect }, answerFacts, secret),
  };
}
