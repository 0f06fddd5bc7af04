import { BodyProblem, scanBody } from "#gateway/stream/body-scanner.ts";
import type { Call } from "../call.ts";
import { ALLOW, Denial, type StageResult } from "../denial.ts";
import type { PipelineParts, Stage } from "../parts.ts";

const GONE = new Denial("invalid_request", "The request's body did not arrive.", { rule: "caller went away" });
const ENCODED = new Denial("unsupported_encoding", "Send the body without a content-encoding.", {
  rule: "content-encoding",
});

function isEncoded(rawHeaders: readonly string[]): boolean {
  for (let place = 0; place + 1 < rawHeaders.length; place += 2) {
    const name = rawHeaders[place] ?? "";
    if (name.length !== 16 || name.toLowerCase() !== "content-encoding") continue;
    if ((rawHeaders[place + 1] ?? "").toLowerCase() !== "identity") return true;
  }
  return false;
}

/** Reads the body within its bound and finds the fields that policy and metering need, without parsing it. */
export const readBody: Stage = {
  name: "read",
  isNeeded: (needs) => needs.isInference,
  async run(call: Call, parts: PipelineParts): Promise<StageResult> {
    if (isEncoded(call.request.rawHeaders)) return ENCODED;
    const askedMs = parts.monotonicMs();
    const body = await call.request.readBody(parts.bodyBytesMax);
    call.waitedMs += parts.monotonicMs() - askedMs;
    if (body === "gone") return GONE;
    if (body === "too_large") {
      return new Denial("request_too_large", `The body is larger than ${parts.bodyBytesMax} bytes.`);
    }
    const facts = scanBody(body);
    if (facts instanceof BodyProblem) {
      return new Denial("invalid_request", facts.message, { param: facts.param, rule: "body" });
    }
    call.body = body;
    call.facts = facts;
    return ALLOW;
  },
};
