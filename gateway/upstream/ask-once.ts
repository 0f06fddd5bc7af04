import type { IncomingHttpHeaders } from "node:http";
import type { UpstreamClient, UpstreamFailure, UpstreamSink } from "./sink.ts";

/** The longest answer that is read, and the longest wait for it. */
const ANSWER_BYTES_MAX = 64 * 1_024;
const WAIT_MS = 10_000;

/** An exchange that brought no answer. */
export class AskFailed extends Error {
  constructor(reason: UpstreamFailure | "too_long") {
    super(`No answer: ${reason}`);
    this.name = "AskFailed";
  }
}

class AnswerGatherer implements UpstreamSink {
  private readonly resolve: (answer: { status: number; body: Buffer }) => void;
  private readonly reject: (error: AskFailed) => void;
  private status = 0;
  private size = 0;
  private readonly chunks: Buffer[] = [];

  constructor(resolve: AnswerGatherer["resolve"], reject: AnswerGatherer["reject"]) {
    this.resolve = resolve;
    this.reject = reject;
  }

  head(status: number, _headers: IncomingHttpHeaders): void {
    this.status = status;
  }

  data(chunk: Buffer): void {
    this.size += chunk.length;
    // What lies beyond the bound is dropped, and the answer refused once it has ended or timed out.
    if (this.size <= ANSWER_BYTES_MAX) this.chunks.push(Buffer.from(chunk));
  }

  end(): void {
    if (this.size > ANSWER_BYTES_MAX) this.reject(new AskFailed("too_long"));
    else this.resolve({ status: this.status, body: Buffer.concat(this.chunks) });
  }

  error(failure: UpstreamFailure): void {
    this.reject(new AskFailed(failure));
  }
}

/**
 * Posts one small request to a public address through the guarded client and gathers the answer, both within a bound.
 * Rejects with `AskFailed`.
 */
export function askOnce(
  client: UpstreamClient,
  request: { readonly url: string; readonly contentType: string; readonly body: string },
  monotonicMs: number,
): Promise<{ status: number; body: Buffer }> {
  const url = new URL(request.url);
  return new Promise((resolve, reject) => {
    client.send(
      {
        origin: url.origin,
        allowPrivateNetwork: false,
        path: url.pathname + url.search,
        headers: ["content-type", request.contentType, "accept", "application/json", "accept-encoding", "identity"],
        body: Buffer.from(request.body),
        connectMs: WAIT_MS,
        firstByteMs: WAIT_MS,
        idleMs: WAIT_MS,
        deadlineMs: monotonicMs + WAIT_MS,
      },
      new AnswerGatherer(resolve, reject),
    );
  });
}
