import type { z } from "zod";
import { problemResponse } from "./problem.ts";

/** What a caller accepts who wants to hear how far a long answer is. */
export const STEPS_TYPE = "application/x-ndjson";
export const STEPS_NOTE =
  'One JSON value a line: {"kind":"progress",…} while it runs, then {"kind":"result","result":…} or {"kind":"error","problem":…}. Closing the connection ends the work.';

/** Whether the caller asks to hear how far the answer is. */
export function asksForSteps(headers: Headers): boolean {
  const accepted = headers.get("accept") ?? "";
  return accepted.split(",").some((type) => type.split(";", 1)[0]?.trim().toLowerCase() === STEPS_TYPE);
}

/**
 * Sends what a long verb says, a line each, and its answer as the last one. A refusal before the first step is a refusal
 * with its own status: rejects. Lines are few, so that a slow reader is not waited for; a reader who goes ends the work.
 */
export async function stepsResponse(
  steps: AsyncGenerator<unknown, unknown>,
  output: z.ZodType,
  requestId: string,
): Promise<Response> {
  const first = await steps.next();
  let isOpen = true;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (value: unknown): void => {
        if (isOpen) controller.enqueue(Buffer.from(`${JSON.stringify(value)}\n`));
      };
      void sendAll(steps, first, send, { output, requestId }).finally(() => {
        if (isOpen) controller.close();
        isOpen = false;
      });
    },
    cancel() {
      isOpen = false;
      void steps.return(undefined);
    },
  });
  return new Response(body, {
    headers: { "content-type": STEPS_TYPE, "x-accel-buffering": "no", "cache-control": "no-store, no-transform" },
  });
}

async function sendAll(
  steps: AsyncGenerator<unknown, unknown>,
  first: IteratorResult<unknown, unknown>,
  send: (value: unknown) => void,
  { output, requestId }: { output: z.ZodType; requestId: string },
): Promise<void> {
  try {
    let step = first;
    while (!step.done) {
      send(step.value);
      step = await steps.next();
    }
    // Ended from outside, it has no answer.
    if (step.value !== undefined) send({ kind: "result", result: output.parse(step.value) });
  } catch (error) {
    send({ kind: "error", problem: await problemResponse(error, requestId).json() });
  }
}
