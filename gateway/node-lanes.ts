import type { DirectoryChange } from "#lib/contract/directory.ts";
import type { ReportResponse } from "#lib/contract/node-protocol.ts";
import { monotonicMs } from "./control/clock.ts";
import { Freshness } from "./control/freshness.ts";
import type { KnownIdentity } from "./control/identity.ts";
import type { Log } from "./log.ts";
import { SnapshotHolder } from "./snapshot/apply.ts";
import { CredentialStore } from "./snapshot/credentials.ts";
import { Directory } from "./snapshot/directory.ts";
import { DirectoryFile } from "./snapshot/directory-file.ts";
import { DirectoryWriter } from "./snapshot/directory-writer.ts";
import { priceKey, type Snapshot } from "./snapshot/snapshot.ts";
import { storageKeyOf } from "./snapshot/storage-key.ts";
import { importVerifyKey } from "./snapshot/verify-revision.ts";
import type { PriceLookup } from "./usage/intent.ts";

/** What a node holds of the control plane's three lanes, in memory and on its disk: policy, credentials and directory. */
export class NodeLanes {
  readonly snapshots: SnapshotHolder;
  readonly credentials: CredentialStore;
  readonly directory: Directory;
  /** How long ago all this was last known to be up to date. */
  readonly freshness: Freshness;
  private readonly directoryFile: DirectoryFile;
  private readonly directoryWriter: DirectoryWriter;

  constructor(options: {
    identity: KnownIdentity;
    nodeDirectory: string;
    onSwap: (snapshot: Snapshot) => void;
    onDirectory: (changes: readonly DirectoryChange[]) => void;
    onWriteFailed: (error: unknown) => void;
  }) {
    const { identity, nodeDirectory: directory, onSwap } = options;
    const { sealingKey, controlKey } = identity.current;
    const storageKey = storageKeyOf(identity.current);
    this.freshness = new Freshness({
      storageKey,
      directory,
      monotonicMs,
      nowLocalMs: Date.now,
      onProblem: options.onWriteFailed,
    });
    this.snapshots = new SnapshotHolder({
      controlKey: importVerifyKey(controlKey),
      storageKey,
      directory,
      onSwap,
    });
    this.credentials = new CredentialStore({
      nodeId: () => identity.current.nodeId,
      sealingKey,
      storageKey,
      directory,
    });
    this.directory = new Directory((changes) => {
      // Half of it on disk is worth nothing: a node that has no whole one starts from nothing.
      if (this.directory.isComplete) this.directoryWriter.changed();
      options.onDirectory(changes);
    });
    this.directoryFile = new DirectoryFile(storageKey, directory);
    this.directoryWriter = new DirectoryWriter(this.directory, this.directoryFile, options.onWriteFailed);
  }

  /** The revision in force; 0 before the first. */
  get revision(): number {
    return this.snapshots.current?.number ?? 0;
  }

  /** A report was answered that had been sent at a moment of the monotonic clock: was the directory whole then? */
  confirmFresh({ epoch, directoryHead }: ReportResponse, askedAtMs: number): void {
    const { current } = this.directory;
    if (epoch === undefined || directoryHead === undefined) return;
    if (current.epoch !== epoch || current.cursor < directoryHead) return;
    this.freshness.confirm(askedAtMs, this.snapshots.current?.hasStaleBound ?? false);
  }

  /** What is not here yet that calls need, or null. */
  missing(): string | null {
    if (this.snapshots.current === null) return "no snapshot yet";
    if (!this.directory.isComplete) return "directory is not complete yet";
    return null;
  }

  readonly priceOf: PriceLookup = (provider, model) => {
    const snapshot = this.snapshots.current;
    const price = snapshot?.prices.get(priceKey(provider, model));
    return snapshot === null || price === undefined ? null : { price, version: snapshot.priceVersion };
  };

  /** Starts from what the disk holds. */
  async load(log: Log): Promise<void> {
    await this.credentials.load();
    await this.freshness.load();
    const hasSnapshot = await this.snapshots.load();
    const directory = await this.directoryFile.read();
    if (directory !== null) this.directory.restore(directory);
    log.info({ revision: this.revision, hasSnapshot, hasDirectory: directory !== null }, "loaded from disk");
  }

  /** Writes what has not been written yet. */
  async flush(): Promise<void> {
    await this.directoryWriter.flush();
  }

  /** Forgets what is on disk: the node was removed. */
  async forget(): Promise<void> {
    const held = [this.snapshots, this.credentials, this.directoryFile, this.freshness];
    await Promise.all(held.map((each) => each.forget()));
  }
}
