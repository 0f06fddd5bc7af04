import { setTimeout as sleep } from "node:timers/promises";
import { Backoff } from "#gateway/control/backoff.ts";
import { ControlClock } from "#gateway/control/clock.ts";
import type { NodeIdentity } from "#gateway/control/identity.ts";
import { join } from "#gateway/control/join.ts";
import { ReportLoop } from "#gateway/control/reporter.ts";
import { SignedClient } from "#gateway/control/signed-client.ts";
import { StreamClient, type StreamPosition, type StreamReceiver } from "#gateway/control/stream-client.ts";
import { unpackDirectory, unpackRevision } from "#gateway/control/unpack.ts";
import { sha256Hex } from "#lib/contract/canonical.ts";
import type { NodeReport, SignedRevision, StreamMessage } from "#lib/contract/node-protocol.ts";

const VERSION = "0.1.0";
const REPORT_EVERY_MS = 5_000;

/** What a node that has been running for a while holds. */
export interface Held {
  epoch: number;
  directory: number;
  credential: number;
}

/**
 * A node that says and hears all that a real one does, with the gateway's own code for it, and serves no calls: it opens
 * its signed stream, unpacks and checks revisions, follows the directory and reports what it has applied.
 */
export class SimulatedNode implements StreamReceiver {
  /** The number of the revision that it reported and was answered for. */
  acknowledged = 0;
  directory: number;
  /** Bytes of documents as they travelled. */
  receivedChars = 0;
  problems = 0;
  readonly #onProgress: () => void;
  readonly #stream: StreamClient;
  readonly #reports: ReportLoop;
  readonly #client: SignedClient;
  #epoch: number;
  #credential: number;
  #applied: SignedRevision | null = null;
  #running: Promise<void> = Promise.resolve();

  constructor(identity: NodeIdentity, held: Held, onProgress: () => void) {
    this.#epoch = held.epoch;
    this.directory = held.directory;
    this.#credential = held.credential;
    this.#onProgress = onProgress;
    const clock = new ControlClock(Date.now);
    this.#client = new SignedClient({ current: identity }, clock, () => this.#onProblem());
    let reporting = 0;
    this.#reports = new ReportLoop({
      client: this.#client,
      clock,
      everyMs: REPORT_EVERY_MS,
      makeReport: () => {
        const report = this.#report();
        reporting = report.appliedRevision;
        return report;
      },
      onTaken: () => {
        this.acknowledged = reporting;
        this.#onProgress();
        return false;
      },
      onProblem: this.#onProblem,
    });
    this.#stream = new StreamClient({
      client: this.#client,
      receiver: this,
      version: VERSION,
      backoff: new Backoff(100, 2_000, Math.random),
      silenceMsMax: 45_000,
      onProblem: this.#onProblem,
    });
  }

  /** Joins with a token of its own. */
  static join(controlUrl: string, joinToken: string, name: string): Promise<NodeIdentity> {
    return join({ controlUrl, joinToken, name, version: VERSION });
  }

  /** Begins at a random moment of the report's interval, as nodes that were started one after another do. */
  start(): void {
    this.#running = this.#stream.run();
    void sleep(Math.random() * REPORT_EVERY_MS).then(() => this.#reports.start());
  }

  async stop(): Promise<void> {
    this.#reports.stop();
    this.#stream.stop();
    this.#client.close();
    await this.#running;
  }

  position(): StreamPosition {
    return {
      epoch: this.#epoch,
      revision: this.#applied?.header.number ?? 0,
      directory: this.directory,
      credentials: this.#credential,
    };
  }

  async receive(message: StreamMessage): Promise<void> {
    if (message.kind === "packedRevision") {
      this.receivedChars += message.revision.zstd.length;
      const held = this.#applied;
      const revision = await unpackRevision(message.revision, async (number) =>
        held?.header.number === number ? held.document : null,
      );
      if (revision === null || sha256Hex(revision.document) !== revision.header.sha256) {
        throw new Error("The revision does not have the hash that was signed");
      }
      this.#applied = revision;
      this.#reports.reportNow();
    } else if (message.kind === "packedDirectory" || message.kind === "directory") {
      const { cursor } = message.kind === "directory" ? message : await unpackDirectory(message);
      this.directory = cursor;
      this.#onProgress();
    } else if (message.kind === "credentials") {
      this.#credential = message.version;
      this.#reports.reportNow();
    }
  }

  async receiveUnreadable(): Promise<void> {
    this.problems++;
  }

  connectionLost(): void {}

  readonly #onProblem = (): void => {
    this.problems++;
  };

  #report(): NodeReport {
    return {
      version: VERSION,
      state: "serving",
      epoch: this.#epoch,
      appliedRevision: this.#applied?.header.number ?? 0,
      rejected: null,
      directoryCursor: this.directory,
      credentialVersion: this.#credential,
      nodeTime: new Date().toISOString(),
      utilisation: {
        cpu: Math.random(),
        rssBytes: 100_000_000,
        eventLoopDelayMs: 1,
        inFlight: 0,
        callsPerSecond: Math.random() * 100,
        spoolEvents: 0,
      },
    };
  }
}
