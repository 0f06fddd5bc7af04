import type { Reply } from "#gateway/pipeline/call.ts";
import type { UpstreamExchange } from "#gateway/upstream/sink.ts";
import type { KeptAnswer } from "./kept-answer.ts";

/**
 * Sends a kept stream again, piece by piece as it first went out, no faster than the caller reads. Stands in for the
 * exchange with an upstream, which is what a caller's readiness and leaving are told to.
 */
export class Replay implements UpstreamExchange {
  /** Resolves when everything is sent (true) or the caller is gone or takes too long (false). */
  readonly done: Promise<boolean>;
  private readonly reply: Reply;
  private readonly pieces: readonly Buffer[];
  private readonly timer: NodeJS.Timeout;
  private place = 0;
  private isOver = false;
  private resolve: (isWhole: boolean) => void = () => {};

  constructor(reply: Reply, answer: KeptAnswer, timeoutMs: number) {
    this.reply = reply;
    this.pieces = answer.pieces;
    this.done = new Promise((resolve) => {
      this.resolve = resolve;
    });
    this.timer = setTimeout(() => this.finish(false), timeoutMs);
  }

  /** Sends on until the caller is behind. */
  resume(): void {
    while (!this.isOver) {
      const piece = this.pieces[this.place];
      if (piece === undefined) {
        this.finish(true);
        return;
      }
      this.place += 1;
      if (!this.reply.write(piece)) return;
    }
  }

  pause(): void {}

  cancel(): void {
    this.finish(false);
  }

  private finish(isWhole: boolean): void {
    if (this.isOver) return;
    this.isOver = true;
    clearTimeout(this.timer);
    if (isWhole) this.reply.end();
    else this.reply.cut();
    this.resolve(isWhole);
  }
}
