import { BodyProblem, scanBody } from "#gateway/stream/body-scanner.ts";
import { scanForm } from "#gateway/stream/form-scan.ts";
import type { GatewayAction } from "#lib/contract/action.ts";
import type { Call } from "../call.ts";
import { ALLOW, Denial, type StageResult } from "../denial.ts";
import type { PipelineParts, Stage } from "../parts.ts";

const GONE = new Denial("invalid_request", "The request's body did not arrive.", { rule: "caller went away" });
const ENCODED = new Denial("unsupported_encoding", "Send the body without a content-encoding.", {
  rule: "content-encoding",
});
const TWO_TYPES = new Denial("invalid_request", "The request has more than one content-type.", { rule: "body" });

/** Actions whose body is a form; those marked may also come as JSON. */
const FORMS: Readonly<Partial<Record<GatewayAction, "form" | "form_or_json">>> = {
  "images.edits": "form_or_json",
  "images.variations": "form",
  "audio.transcriptions": "form",
  "audio.translations": "form",
};
/** Actions whose path names the model. */
const BY_PATH: ReadonlySet<GatewayAction> = new Set([
  "generate_content",
  "stream_generate_content",
  "embed_content",
  "batch_embed_contents",
]);
const JSON_TYPE = /^application\/json\s*(;|$)/i;

function isEncoded(rawHeaders: readonly string[]): boolean {
  for (let place = 0; place + 1 < rawHeaders.length; place += 2) {
    const name = rawHeaders[place] ?? "";
    if (name.length !== 16 || name.toLowerCase() !== "content-encoding") continue;
    if ((rawHeaders[place + 1] ?? "").toLowerCase() !== "identity") return true;
  }
  return false;
}

/** The body's type as sent, "" where none was; null where there are two, of which two readers may take two. */
function contentTypeOf(rawHeaders: readonly string[]): string | null {
  let found: string | null = null;
  for (let place = 0; place + 1 < rawHeaders.length; place += 2) {
    const name = rawHeaders[place] ?? "";
    if (name.length !== 12 || name.toLowerCase() !== "content-type") continue;
    if (found !== null) return null;
    found = rawHeaders[place + 1] ?? "";
  }
  return found ?? "";
}

/** Finds the facts of a form, whose type goes on to the upstream as it came. */
function readForm(call: Call, body: Buffer, mayBeJson: boolean): ReturnType<typeof scanForm> | Denial {
  const contentType = contentTypeOf(call.request.rawHeaders);
  if (contentType === null) return TWO_TYPES;
  if (mayBeJson && JSON_TYPE.test(contentType)) return scanBody(body);
  call.contentType = contentType;
  return scanForm(body, contentType);
}

function readFacts(call: Call, body: Buffer): ReturnType<typeof scanForm> | Denial {
  const { action } = call;
  const form = FORMS[action];
  if (form !== undefined) return readForm(call, body, form === "form_or_json");
  const { pathTail } = call.request;
  if (!BY_PATH.has(action) || pathTail === null) return scanBody(body);
  return scanBody(body, { model: pathTail, stream: action === "stream_generate_content" });
}

/** Reads the body within its bound and finds the fields that policy and metering need, without parsing it. */
export const readBody: Stage = {
  name: "read",
  isNeeded: (needs) => needs.isInference,
  hasOwnDeadline: true,
  async run(call: Call, parts: PipelineParts): Promise<StageResult> {
    if (isEncoded(call.request.rawHeaders)) return ENCODED;
    const askedMs = parts.monotonicMs();
    const body = await call.request.readBody(parts.bodyBytesMax);
    call.waitedMs += parts.monotonicMs() - askedMs;
    if (body === "gone") return GONE;
    if (body === "too_large") {
      return new Denial("request_too_large", `The body is larger than ${parts.bodyBytesMax} bytes.`);
    }
    const facts = readFacts(call, body);
    if (facts instanceof Denial) return facts;
    if (facts instanceof BodyProblem) {
      return new Denial("invalid_request", facts.message, { param: facts.param, rule: "body" });
    }
    call.body = body;
    call.sentBytes = body.length;
    call.facts = facts;
    call.sentFacts = facts;
    return ALLOW;
  },
};
