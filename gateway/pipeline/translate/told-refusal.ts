import type { WholeAnswer } from "../answer-form.ts";
import type { Call } from "../call.ts";
import { errorText } from "../error-body.ts";

/** How much of an upstream's own words is handed on. */
const MESSAGE_CHARS_MAX = 2_000;

/** An upstream's refusal in the caller's dialect; `said` are the upstream's words, handed on unless they hold the secret. */
export function toldRefusal(call: Call, status: number, said: string | null, secret: string | null): WholeAnswer {
  const isSpeakable = said !== null && said !== "" && (secret === null || !said.includes(secret));
  const text = errorText(call.format, {
    code: "upstream_rejected",
    status,
    type: "invalid_request_error",
    message: isSpeakable ? said.slice(0, MESSAGE_CHARS_MAX) : `The upstream refused the call with status ${status}.`,
    param: null,
    callId: call.id,
  });
  return { body: Buffer.from(text), contentType: "application/json", usage: null, textBytes: 0 };
}
