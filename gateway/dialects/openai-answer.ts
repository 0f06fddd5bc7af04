import type { AnswerFacts } from "./dialect.ts";
import type { StreamPart } from "./generation.ts";

/** The id of an answer: the upstream's own, or one made of the call's. */
export function completionId(id: string | null, prefix: string, { callId }: AnswerFacts): string {
  return id ?? `${prefix}${callId.replace(/^req_/, "")}`;
}

/** An error as every stream of OpenAI's dialects tells it. */
export function errorObject({ message, type }: Extract<StreamPart, { kind: "error" }>) {
  return { message, type: "upstream_error", param: null, code: type ?? "upstream_error" };
}
