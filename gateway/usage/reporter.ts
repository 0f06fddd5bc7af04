import type { Backoff } from "#gateway/control/backoff.ts";
import { ControlAnswer } from "#gateway/control/signed-client.ts";
import { UsageResponse } from "#lib/contract/node-protocol.ts";
import type { EventSource, SpooledEvent } from "./event-source.ts";

const PATH = "/api/node/v1/usage";
const BATCH_EVENTS_MAX = 500;
const BATCH_BYTES_MAX = 4 * 1_024 * 1_024;
const COMMA = Buffer.from(",");
const CLOSE = Buffer.from("]}");

/** Posts a body to the control plane and returns its parsed answer; throws `ControlAnswer` for what is not 2xx. */
export type PostUsage = (path: string, body: Buffer) => Promise<unknown>;

/**
 * Tells the control plane what was used: batches in the order of their sequence, one under way at a time, at least once.
 * An event leaves the spool only when the control plane says that it has committed it. A batch that is refused as such is
 * halved until the one event that is refused is found and put aside; everything else is tried again, for ever.
 */
export class UsageReporter {
  private readonly post: PostUsage;
  private readonly backoff: Backoff;
  private readonly onProblem: (error: unknown) => void;
  private batchMax = BATCH_EVENTS_MAX;
  private isStopped = false;
  private wake: (() => void) | null = null;
  /** Events put aside because the control plane refuses them. */
  quarantined = 0;

  constructor(options: { post: PostUsage; backoff: Backoff; onProblem: (error: unknown) => void }) {
    this.post = options.post;
    this.backoff = options.backoff;
    this.onProblem = options.onProblem;
  }

  /**
   * Reports a source until it is empty (`untilEmpty`) or the reporter is stopped; between batches that are not full it waits
   * `idleMs`. Never rejects.
   */
  async run(source: EventSource, untilEmpty: boolean, idleMs: number): Promise<void> {
    while (!this.isStopped) {
      try {
        const room = this.batchMax;
        const sent = await this.sendOnce(source);
        if (sent === 0 && untilEmpty) return;
        // A batch costs a signature and a request, however few events it holds: one that is not full waits for more.
        if (sent < room && !untilEmpty) await this.pause(idleMs);
        this.backoff.succeeded();
      } catch (error) {
        this.onProblem(error);
        await this.pause(this.backoff.nextMs());
      }
    }
  }

  stop(): void {
    this.isStopped = true;
    this.wake?.();
  }

  /** Sends one batch and returns how many events it held. */
  async sendOnce(source: EventSource): Promise<number> {
    const events = fitting(await source.peek(this.batchMax));
    const last = events.at(-1);
    if (last === undefined) return 0;
    try {
      const answer = UsageResponse.parse(await this.post(PATH, batchBody(source.incarnation, events)));
      await source.acknowledge(Math.min(answer.throughSequence, last.sequence));
      this.batchMax = BATCH_EVENTS_MAX;
      return events.length;
    } catch (error) {
      if (!(error instanceof ControlAnswer) || ![400, 413, 422].includes(error.status)) throw error;
      await this.narrow(source, events, error);
      return events.length;
    }
  }

  private async narrow(source: EventSource, events: readonly SpooledEvent[], error: ControlAnswer): Promise<void> {
    const [only] = events;
    if (events.length > 1 || only === undefined) {
      this.batchMax = Math.ceil(events.length / 2);
      return;
    }
    await source.quarantine(only);
    await source.acknowledge(only.sequence);
    this.quarantined += 1;
    this.batchMax = BATCH_EVENTS_MAX;
    this.onProblem(error);
  }

  private async pause(waitMs: number): Promise<void> {
    if (this.isStopped) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = null;
  }
}

function fitting(events: readonly SpooledEvent[]): readonly SpooledEvent[] {
  let bytes = 0;
  const cut = events.findIndex((event, index) => {
    bytes += event.payload.length;
    return index > 0 && bytes > BATCH_BYTES_MAX;
  });
  return cut === -1 ? events : events.slice(0, cut);
}

/** The events' JSON is put together as it lies in the spool. */
function batchBody(incarnation: string, events: readonly SpooledEvent[]): Buffer {
  const parts: Buffer[] = [Buffer.from(`{"incarnation":${JSON.stringify(incarnation)},"events":[`)];
  for (const [index, event] of events.entries()) {
    if (index > 0) parts.push(COMMA);
    parts.push(event.payload);
  }
  parts.push(CLOSE);
  return Buffer.concat(parts);
}
