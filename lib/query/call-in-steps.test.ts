import { afterEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { callInSteps } from "#lib/query/api-client.ts";

const Step = z.object({ at: z.int() });
const call = (signal = new AbortController().signal) => callInSteps(Step, "/draft/simulate", { body: {}, signal });

/** Answers the next call with these pieces, which need not end where lines do. */
function answerWith(pieces: string[], status = 200, onCancel: () => void = () => {}): void {
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const piece = pieces.shift();
      if (piece === undefined) controller.close();
      else controller.enqueue(new TextEncoder().encode(piece));
    },
    cancel: onCancel,
  });
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(body, { status })));
}

afterEach(() => vi.unstubAllGlobals());

describe("callInSteps", () => {
  it("gives each line as it is whole, however the bytes come", async () => {
    answerWith(['{"at":1}\n{"a', 't":2}', '\n{"at":3}\n']);
    const steps: number[] = [];
    for await (const { at } of call()) steps.push(at);
    expect(steps).toEqual([1, 2, 3]);
  });

  it("throws a refusal with its code", async () => {
    answerWith([JSON.stringify({ status: 429, code: "too_many_requests", detail: "Another one runs." })], 429);
    await expect(call().next()).rejects.toMatchObject({ status: 429, code: "too_many_requests" });
  });

  it("closes the connection when whoever listens stops", async () => {
    const closed = vi.fn();
    answerWith(['{"at":1}\n', '{"at":2}\n', '{"at":3}\n'], 200, closed);
    for await (const { at } of call()) if (at === 1) break;
    expect(closed).toHaveBeenCalled();
  });
});
