import { type NodeReport, ReportResponse } from "#lib/contract/node-protocol.ts";
import { type ControlClock, monotonicMs } from "./clock.ts";
import type { SignedClient } from "./signed-client.ts";

const PATH = "/api/node/v1/report";

/**
 * Reports what is applied: every few seconds, and at once after an apply or a rejection. One report is under way at a
 * time; a change meanwhile leads to one more.
 */
export class ReportLoop {
  private readonly client: SignedClient;
  private readonly clock: ControlClock;
  private readonly makeReport: () => NodeReport;
  private readonly onTaken: (answer: ReportResponse, askedAtMs: number) => boolean;
  private readonly everyMs: number;
  private readonly onProblem: (error: unknown) => void;
  private timer: NodeJS.Timeout | null = null;
  private isSending = false;
  private isDue = false;
  private isStopped = false;
  private sending: Promise<void> = Promise.resolve();

  constructor(options: {
    client: SignedClient;
    clock: ControlClock;
    makeReport: () => NodeReport;
    /** The control plane has taken a report that was sent at a moment of the monotonic clock. Returns whether another one is due at once. */
    onTaken: (answer: ReportResponse, askedAtMs: number) => boolean;
    everyMs: number;
    onProblem: (error: unknown) => void;
  }) {
    this.client = options.client;
    this.clock = options.clock;
    this.makeReport = options.makeReport;
    this.onTaken = options.onTaken;
    this.everyMs = options.everyMs;
    this.onProblem = options.onProblem;
  }

  start(): void {
    this.reportNow();
  }

  /** Something that the report carries has changed. */
  reportNow(): void {
    if (this.isStopped) return;
    if (this.isSending) {
      this.isDue = true;
      return;
    }
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.sending = this.send();
  }

  stop(): void {
    this.isStopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
  }

  /** Says one last time how things are, and nothing afterwards. Takes at most `maxMs`; never rejects. */
  async sendLast(maxMs: number): Promise<void> {
    if (this.isStopped) return;
    this.stop();
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, maxMs);
    });
    await Promise.race([this.sending.then(() => this.send()), timeout]);
    clearTimeout(timer);
  }

  private async send(): Promise<void> {
    this.isSending = true;
    this.isDue = false;
    const askedAtMs = Date.now();
    const askedMonotonicMs = monotonicMs();
    let waitMs = this.everyMs;
    try {
      const answer = await this.client.post(PATH, Buffer.from(JSON.stringify(this.makeReport())));
      const taken = ReportResponse.parse(answer);
      this.clock.learn(taken.serverTime, askedAtMs, Date.now());
      waitMs = Math.min(waitMs, taken.nextReportMs ?? waitMs);
      if (this.onTaken(taken, askedMonotonicMs)) this.isDue = true;
    } catch (error) {
      this.onProblem(error);
    }
    this.isSending = false;
    if (this.isStopped) return;
    if (this.isDue) this.sending = this.send();
    else this.timer = setTimeout(() => this.reportNow(), waitMs);
  }
}
