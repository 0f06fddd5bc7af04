import type { Call } from "../call.ts";
import { ALLOW, Denial, type StageResult } from "../denial.ts";
import type { PipelineParts, Stage } from "../parts.ts";

const GONE = new Denial("invalid_request", "The request's body did not arrive.", { rule: "caller went away" });

/**
 * Reads the body of a REST call within its bound, whatever it holds and however it is encoded: it goes on as it came. It
 * is held whole, so that an attempt that failed can be made again.
 */
export const readHttpBody: Stage = {
  name: "read",
  isNeeded: (needs) => needs.isHttp,
  hasOwnDeadline: true,
  async run(call: Call, parts: PipelineParts): Promise<StageResult> {
    const askedMs = parts.monotonicMs();
    const body = await call.request.readBody(parts.bodyBytesMax);
    call.waitedMs += parts.monotonicMs() - askedMs;
    if (body === "gone") return GONE;
    if (body === "too_large") {
      return new Denial("request_too_large", `The body is larger than ${parts.bodyBytesMax} bytes.`);
    }
    call.body = body;
    call.sentBytes = body.length;
    return ALLOW;
  },
};
