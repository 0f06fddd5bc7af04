import { readdir } from "node:fs/promises";
import type { PriceLookup } from "./intent.ts";
import { LeftSource } from "./left-source.ts";
import { LiveSource } from "./live-source.ts";
import type { UsageReporter } from "./reporter.ts";
import type { Spool } from "./spool.ts";

const IDLE_MS = 200;

/** Reports the spools that earlier processes left, the oldest first, beside the one in use. */
export class UsageLoop {
  private readonly root: string;
  private readonly spool: Spool;
  private readonly live: UsageReporter;
  private readonly left: UsageReporter;
  private readonly priceOf: PriceLookup;
  private readonly onRecovered: (facts: { incarnation: string; interrupted: number; damagedBytes: number }) => void;
  private readonly onProblem: (error: unknown) => void;

  constructor(options: {
    root: string;
    spool: Spool;
    /** One reporter each: a spool that cannot be reported must not hold up the other. */
    live: UsageReporter;
    left: UsageReporter;
    priceOf: PriceLookup;
    onRecovered: (facts: { incarnation: string; interrupted: number; damagedBytes: number }) => void;
    onProblem: (error: unknown) => void;
  }) {
    this.root = options.root;
    this.spool = options.spool;
    this.live = options.live;
    this.left = options.left;
    this.priceOf = options.priceOf;
    this.onRecovered = options.onRecovered;
    this.onProblem = options.onProblem;
  }

  /** Runs until the reporters are stopped. Never rejects. */
  async run(): Promise<void> {
    await Promise.all([this.live.run(new LiveSource(this.spool), false, IDLE_MS), this.reportLeft()]);
  }

  stop(): void {
    this.live.stop();
    this.left.stop();
  }

  /** Events that the control plane refused for good. */
  get quarantined(): number {
    return this.live.quarantined + this.left.quarantined;
  }

  private async reportLeft(): Promise<void> {
    try {
      const names = (await readdir(this.root, { withFileTypes: true }))
        .filter(
          (entry) => entry.isDirectory() && entry.name.startsWith("spl_") && entry.name !== this.spool.incarnation,
        )
        .map((entry) => entry.name)
        .sort();
      for (const incarnation of names) await this.reportOne(incarnation);
    } catch (error) {
      this.onProblem(error);
    }
  }

  private async reportOne(incarnation: string): Promise<void> {
    const source = new LeftSource(this.root, incarnation);
    await source.open(this.priceOf);
    this.onRecovered({ incarnation, interrupted: source.interruptedCount, damagedBytes: source.damagedBytes });
    await this.left.run(source, true, IDLE_MS);
    if ((await source.peek(1)).length === 0) await source.remove();
  }
}
