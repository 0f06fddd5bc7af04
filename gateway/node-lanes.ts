import type { DirectoryChange } from "#lib/contract/directory.ts";
import type { NodeIdentity } from "./control/identity.ts";
import type { Log } from "./log.ts";
import { SnapshotHolder } from "./snapshot/apply.ts";
import { CredentialStore } from "./snapshot/credentials.ts";
import { Directory } from "./snapshot/directory.ts";
import { DirectoryFile } from "./snapshot/directory-file.ts";
import { DirectoryWriter } from "./snapshot/directory-writer.ts";
import { deriveStorageKey } from "./snapshot/sealed-bytes.ts";
import { priceKey, type Snapshot } from "./snapshot/snapshot.ts";
import { importVerifyKey } from "./snapshot/verify-revision.ts";
import type { PriceLookup } from "./usage/intent.ts";

/** What a node holds of the control plane's three lanes, in memory and on its disk: policy, credentials and directory. */
export class NodeLanes {
  readonly snapshots: SnapshotHolder;
  readonly credentials: CredentialStore;
  readonly directory: Directory;
  private readonly directoryFile: DirectoryFile;
  private readonly directoryWriter: DirectoryWriter;

  constructor(options: {
    identity: NodeIdentity;
    nodeDirectory: string;
    onSwap: (snapshot: Snapshot) => void;
    onDirectory: (changes: readonly DirectoryChange[]) => void;
    onWriteFailed: (error: unknown) => void;
  }) {
    const { identity, nodeDirectory: directory, onSwap } = options;
    const { nodeId, sealingKey } = identity;
    const storageKey = deriveStorageKey(sealingKey.d, nodeId);
    this.snapshots = new SnapshotHolder({
      controlKey: importVerifyKey(identity.controlKey),
      storageKey,
      directory,
      onSwap,
    });
    this.credentials = new CredentialStore({ nodeId, sealingKey, storageKey, directory });
    this.directory = new Directory((changes) => {
      this.directoryWriter.changed();
      options.onDirectory(changes);
    });
    this.directoryFile = new DirectoryFile(storageKey, directory);
    this.directoryWriter = new DirectoryWriter(this.directory, this.directoryFile, options.onWriteFailed);
  }

  /** The revision in force; 0 before the first. */
  get revision(): number {
    return this.snapshots.current?.number ?? 0;
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
    await Promise.all([this.snapshots.forget(), this.credentials.forget(), this.directoryFile.forget()]);
  }
}
