import type { UpstreamExchange } from "#gateway/upstream/sink.ts";
import type { KeptAnswer } from "./kept-answer.ts";

/** One call that is under way and that identical calls wait for. */
export class Flight {
  private readonly waiting = new Set<Follower>();
  private isOver = false;

  /** Waits for the answer, at most `waitMs`. Null: there is none to be had from it. */
  follow(waitMs: number): Follower {
    return new Follower(this.waiting, this.isOver ? 0 : waitMs);
  }

  /** The answer is there, or it is certain that there will be none that can be given to others. Told once. */
  land(answer: KeptAnswer | null): void {
    if (this.isOver) return;
    this.isOver = true;
    for (const follower of [...this.waiting]) follower.take(answer);
  }
}

/** A call that waits for another one's answer. Stands in for an exchange with an upstream, so that a caller's leaving ends it. */
export class Follower implements UpstreamExchange {
  readonly answer: Promise<KeptAnswer | null>;
  private readonly waiting: Set<Follower>;
  private readonly timer: NodeJS.Timeout;
  private resolve: (answer: KeptAnswer | null) => void = () => {};

  constructor(waiting: Set<Follower>, waitMs: number) {
    this.waiting = waiting;
    this.answer = new Promise((resolve) => {
      this.resolve = resolve;
    });
    this.timer = setTimeout(() => this.take(null), Math.max(0, waitMs));
    waiting.add(this);
  }

  take(answer: KeptAnswer | null): void {
    clearTimeout(this.timer);
    this.waiting.delete(this);
    this.resolve(answer);
  }

  pause(): void {}

  resume(): void {}

  cancel(): void {
    this.take(null);
  }
}
