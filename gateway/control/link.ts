import type { SnapshotHolder } from "#gateway/snapshot/apply.ts";
import type { CredentialStore } from "#gateway/snapshot/credentials.ts";
import type { Directory, DirectoryMessage } from "#gateway/snapshot/directory.ts";
import type { Rejection, SignedRevision, StreamMessage, StreamProblem } from "#lib/contract/node-protocol.ts";
import { type ControlClock, monotonicMs } from "./clock.ts";
import type { StreamPosition, StreamReceiver } from "./stream-client.ts";
import { unpackDirectory, unpackRevision } from "./unpack.ts";

const PROBLEM_SHOWN_MS = 60_000;

export type NodeCommand = Extract<StreamMessage, { kind: "command" }>["command"];

/** Acts on what the control plane pushes: three lanes and commands, each to its owner. */
export class ControlLink implements StreamReceiver {
  private readonly snapshots: SnapshotHolder;
  private readonly directory: Directory;
  private readonly credentials: CredentialStore;
  private readonly clock: ControlClock;
  private readonly reportNow: () => void;
  private readonly isLongStale: () => boolean;
  private readonly onCommand: (command: NodeCommand) => void;
  private readonly onProblem: (error: unknown) => void;
  private unreadable: { readonly atMs: number; readonly problem: StreamProblem } | null = null;
  /** The epoch of the connection's `hello`. */
  private helloEpoch = 0;
  /** What was sent did not fit what is here: the next connection asks for the whole. */
  private wantsWhole = false;

  constructor(options: {
    snapshots: SnapshotHolder;
    directory: Directory;
    credentials: CredentialStore;
    clock: ControlClock;
    reportNow: () => void;
    /** Whether it is long ago that an answer to a report said that this node was up to date. */
    isLongStale: () => boolean;
    onCommand: (command: NodeCommand) => void;
    onProblem: (error: unknown) => void;
  }) {
    this.snapshots = options.snapshots;
    this.directory = options.directory;
    this.credentials = options.credentials;
    this.clock = options.clock;
    this.reportNow = options.reportNow;
    this.isLongStale = options.isLongStale;
    this.onCommand = options.onCommand;
    this.onProblem = options.onProblem;
  }

  /** What the stream brought in the last minute that this node could not read, for its reports. */
  get streamProblem(): StreamProblem | null {
    const { unreadable } = this;
    return unreadable === null || monotonicMs() - unreadable.atMs > PROBLEM_SHOWN_MS ? null : unreadable.problem;
  }

  /** The epoch that everything this node holds belongs to: the lowest, so that what is older is sent anew. */
  get epoch(): number {
    const held = [this.directory.current.epoch];
    if (this.snapshots.current !== null) held.push(this.snapshots.current.epoch);
    if (this.credentials.version > 0) held.push(this.credentials.epoch);
    return Math.min(...held);
  }

  position(): StreamPosition {
    return {
      epoch: this.epoch,
      revision: this.wantsWhole ? 0 : (this.snapshots.current?.number ?? 0),
      directory: this.directory.current.cursor,
      credentials: this.credentials.version,
    };
  }

  async receive(message: StreamMessage): Promise<void> {
    switch (message.kind) {
      case "hello": {
        const nowMs = Date.now();
        this.helloEpoch = message.epoch;
        this.clock.learn(message.serverTime, nowMs, nowMs);
        this.directory.connected(message.epoch, message.directoryHead);
        return;
      }
      case "revision": {
        await this.takeRevision(message.revision);
        return;
      }
      case "packedRevision": {
        const revision = await unpackRevision(message.revision, (number, sha256) =>
          this.snapshots.documentOf(number, sha256),
        );
        this.wantsWhole = revision === null;
        if (revision === null) throw new Error("A revision does not fit what is here: it is asked for whole");
        await this.takeRevision(revision);
        return;
      }
      case "packedDirectory": {
        this.takeDirectory(await unpackDirectory(message));
        return;
      }
      case "directory": {
        this.takeDirectory(message);
        return;
      }
      case "credentials": {
        await this.credentials.offer(message.version, message.sealed, this.helloEpoch).catch(this.onProblem);
        this.reportNow();
        return;
      }
      case "command": {
        this.onCommand(message.command);
        return;
      }
    }
  }

  private takeDirectory(message: DirectoryMessage): void {
    this.directory.receive(message, this.helloEpoch);
    // Plans that bound how stale a node may be wait for the answer.
    if (message.cursor >= message.head && this.isLongStale()) this.reportNow();
  }

  private async takeRevision(revision: SignedRevision): Promise<void> {
    await this.snapshots.offer(revision).catch(this.onProblem);
    this.reportNow();
  }

  async receiveUnreadable(problem: Omit<Rejection, "revision"> & { revision: number | null }): Promise<void> {
    if (problem.revision === null) {
      const { code, path, message } = problem;
      this.unreadable = {
        atMs: monotonicMs(),
        problem: { code, path: path.slice(0, 300), message: message.slice(0, 1_000) },
      };
      this.reportNow();
      // What lies behind it may build on it: the next connection begins where this one got to.
      throw new Error(`The stream brought a message of an unknown form (${path || "/"})`);
    }
    await this.snapshots.rejectUnreadable(problem.revision, problem.path, problem.message).catch(this.onProblem);
    this.reportNow();
  }

  connectionLost(): void {
    this.directory.connectionLost();
  }
}
