import { join } from "node:path";
import type { NodeReport, ReportResponse, StreamProblem } from "#lib/contract/node-protocol.ts";
import { Backoff } from "./control/backoff.ts";
import type { ControlClock } from "./control/clock.ts";
import type { KnownIdentity } from "./control/identity.ts";
import { joinLater } from "./control/join-later.ts";
import { KeyRotation } from "./control/key-rotation.ts";
import { ControlLink, type NodeCommand } from "./control/link.ts";
import { ReportLoop } from "./control/reporter.ts";
import { SignedClient } from "./control/signed-client.ts";
import { StreamClient } from "./control/stream-client.ts";
import { errorFacts, type Log } from "./log.ts";
import type { NodeLanes } from "./node-lanes.ts";
import type { NodeOptions } from "./node-options.ts";
import { UsageReporter } from "./usage/reporter.ts";
import type { Spool } from "./usage/spool.ts";
import { UsageLoop } from "./usage/usage-loop.ts";

/** How long a node signs with one key. */
const KEY_LIFE_MS = 24 * 3_600_000;

const LONG_STALE_MS = 10_000;

/** Where a node's spools lie. */
export function spoolRoot({ nodeDirectory }: NodeOptions): string {
  return join(nodeDirectory, "spool");
}

/** A problem that is logged and gone on from. */
export function problem(log: Log, about: string): (error: unknown) => void {
  return (error) => log.warn({ about, ...errorFacts(error) }, "problem");
}

/** All that a node says to the control plane and hears from it: the stream, its reports, and its usage. */
export class NodeControl {
  readonly usage: UsageLoop;
  readonly stream: StreamClient;
  readonly reports: ReportLoop;
  private readonly client: SignedClient;
  private readonly link: ControlLink;
  private readonly rotation: KeyRotation;
  private readonly identity: KnownIdentity;
  private readonly options: NodeOptions;
  private readonly log: Log;
  private readonly loops: Promise<void>[] = [];
  private readonly stopping = new AbortController();

  constructor(
    options: NodeOptions,
    links: {
      identity: KnownIdentity;
      lanes: NodeLanes;
      spool: Spool;
      clock: ControlClock;
      makeReport: () => NodeReport;
      /** `askedAtMs` is of the monotonic clock. */
      onTaken: (answer: ReportResponse, askedAtMs: number) => boolean;
      onCommand: (command: NodeCommand) => void;
    },
  ) {
    const { lanes, clock, identity } = links;
    this.options = options;
    this.log = options.log;
    this.identity = identity;
    this.client = new SignedClient(identity, clock, () => links.onCommand("remove"));
    this.rotation = new KeyRotation({
      identity,
      post: (path, body) => this.client.post(path, body),
      everyMs: options.keyLifeMs ?? KEY_LIFE_MS,
      random: Math.random,
      onChanged: () => {
        this.log.info({ nodeId: identity.current.nodeId }, "changed the key it signs with");
        this.reports.reportNow();
      },
      onProblem: problem(this.log, "key change"),
    });
    this.usage = this.makeUsageLoop(spoolRoot(options), links.spool, lanes);
    this.reports = new ReportLoop({
      client: this.client,
      clock,
      everyMs: options.reportEveryMs ?? 5_000,
      onProblem: problem(this.log, "report"),
      makeReport: links.makeReport,
      onTaken: links.onTaken,
    });
    this.link = new ControlLink({
      snapshots: lanes.snapshots,
      directory: lanes.directory,
      credentials: lanes.credentials,
      clock,
      reportNow: () => this.reports.reportNow(),
      isLongStale: () => lanes.freshness.staleMs() > LONG_STALE_MS,
      onCommand: links.onCommand,
      onProblem: problem(this.log, "stream message"),
    });
    this.stream = new StreamClient({
      client: this.client,
      receiver: this.link,
      version: options.version,
      // Together with the time a stream may take to open, below five seconds: so long after a partition nodes are back.
      backoff: new Backoff(100, 1_500, Math.random),
      silenceMsMax: 8_000,
      onProblem: problem(this.log, "stream"),
    });
  }

  private makeUsageLoop(root: string, spool: Spool, lanes: NodeLanes): UsageLoop {
    const reporter = (): UsageReporter =>
      new UsageReporter({
        post: (path, body) => this.client.post(path, body),
        backoff: new Backoff(100, 10_000, Math.random),
        onProblem: problem(this.log, "usage report"),
      });
    return new UsageLoop({
      root,
      spool,
      live: reporter(),
      left: reporter(),
      priceOf: lanes.priceOf,
      onRecovered: (facts) => this.log.info(facts, "spool of an earlier process found"),
      onProblem: problem(this.log, "spool recovery"),
    });
  }

  /** Begins to speak; a node that was started from a bundle joins first, whenever that can be. */
  start(): void {
    if (this.identity.current.joinWith === undefined) this.speak();
    else this.loops.push(this.joinFirst());
  }

  /** What the stream brought lately that this node could not read, as reports carry it. */
  reported(): { streamProblem?: StreamProblem } {
    const { streamProblem } = this.link;
    return streamProblem === null ? {} : { streamProblem };
  }

  /** Changes the node's key now. */
  async rotateKey(): Promise<void> {
    await this.rotation.rotate();
  }

  private async joinFirst(): Promise<void> {
    const { log, stopping, identity } = this;
    await joinLater({ identity, version: this.options.version, log, signal: stopping.signal });
    if (!stopping.signal.aborted) this.speak();
  }

  private speak(): void {
    this.reports.start();
    this.rotation.start();
    this.loops.push(this.stream.run(), this.usage.run());
  }

  halt(): void {
    this.stopping.abort();
    this.rotation.stop();
    this.reports.stop();
    this.stream.stop();
    this.usage.stop();
  }

  /** Resolves once nothing is under way any more. Call `halt` first. */
  async close(): Promise<void> {
    this.client.close();
    // A join that ends now may begin the others.
    for (const loop of this.loops) await loop;
  }
}
