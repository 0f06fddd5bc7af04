import type { Call } from "./call.ts";

const SSE = /(?:^|&)alt=sse(?:&|$)/;

/** Whether the answer is a stream in one JSON array: so Gemini streams to those who do not ask for events. */
export function wantsJsonArray({ action, request }: Call): boolean {
  return action === "stream_generate_content" && !SSE.test(request.query);
}
