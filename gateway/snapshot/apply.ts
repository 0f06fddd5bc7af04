import type { KeyObject } from "node:crypto";
import { z } from "zod";
import { Rejection, SignedRevision } from "#lib/contract/node-protocol.ts";
import { buildIndexes } from "./build-indexes.ts";
import { RevisionRejected } from "./revision-rejected.ts";
import { openBytes, sealBytes } from "./sealed-bytes.ts";
import { selfCheck } from "./self-check.ts";
import type { Snapshot } from "./snapshot.ts";
import { GenerationFile } from "./store-on-disk.ts";
import { verifyRevision } from "./verify-revision.ts";

const PURPOSE = "revision";
const REJECTION_PURPOSE = "rejection";
const KeptRejection = z.object({ rejection: Rejection, sha256: z.string(), epoch: z.int().default(0) });

export type ApplyOutcome = "applied" | "rejected" | "already_applied";

/**
 * Holds the one snapshot that calls read, and is the only door to it: a revision is verified, parsed strictly, built
 * aside and checked; then the pointer is swapped; then it is written to disk. Anything wrong leaves the last good one.
 */
export class SnapshotHolder {
  private readonly controlKey: KeyObject;
  private readonly storageKey: Buffer;
  private readonly file: GenerationFile;
  private readonly rejectionFile: GenerationFile;
  /** Told when a snapshot has taken another's place. */
  private readonly onSwap: (snapshot: Snapshot) => void;
  private snapshot: Snapshot | null = null;
  private lastRejection: Rejection | null = null;
  /** The hash of what was rejected last, so that the same bytes are not worked through again. */
  private rejectedSha256 = "";
  /** A restored control plane may offer the same bytes again, and then they are taken. */
  private rejectedEpoch = 0;

  constructor(options: {
    controlKey: KeyObject;
    storageKey: Buffer;
    directory: string;
    onSwap: (snapshot: Snapshot) => void;
  }) {
    this.controlKey = options.controlKey;
    this.storageKey = options.storageKey;
    this.file = new GenerationFile(options.directory, "revision");
    this.rejectionFile = new GenerationFile(options.directory, "rejection");
    this.onSwap = options.onSwap;
  }

  /** The snapshot in force; null before the first. Hot path: read once per call. */
  get current(): Snapshot | null {
    return this.snapshot;
  }

  /** Why the last revision that was offered is not in force; null once a later one is. */
  get rejection(): Rejection | null {
    return this.lastRejection;
  }

  /**
   * Takes a revision or says why not. Never throws for what is in it; throws what the file system throws after the swap
   * (the new snapshot then serves, and the one before it is what a restart finds).
   */
  async offer(revision: SignedRevision): Promise<ApplyOutcome> {
    const { number, sha256, epoch } = revision.header;
    const applied = this.snapshot;
    if (applied !== null && applied.epoch === epoch && applied.number === number && applied.sha256 === sha256) {
      return "already_applied";
    }
    const isRejected = this.lastRejection?.revision === number && this.rejectedSha256 === sha256;
    if (isRejected && this.rejectedEpoch === epoch) return "rejected";
    try {
      this.swap(this.build(revision));
    } catch (error) {
      this.reject(revision, error);
      await this.persistRejection();
      return "rejected";
    }
    await this.persist(revision);
    return "applied";
  }

  /** Records that a message which could not even be read as a revision claimed to be this one. */
  async rejectUnreadable(number: number, path: string, message: string): Promise<void> {
    this.lastRejection = { revision: number, code: "invalid_message", path: path.slice(0, 300), message };
    this.rejectedSha256 = "";
    await this.persistRejection();
  }

  /** The text of the revision in force, from the disk, where it is this one; null where it is not. */
  async documentOf(number: number, sha256: string): Promise<string | null> {
    const kept = await this.file.read((sealed) => this.openRevision(sealed));
    return kept?.header.number === number && kept.header.sha256 === sha256 ? kept.document : null;
  }

  /** Starts from what the disk holds. Returns whether a snapshot is now in force. A damaged file is passed over. */
  async load(): Promise<boolean> {
    const snapshot = await this.file.read((sealed) => this.rebuild(sealed));
    if (snapshot === null) return false;
    this.swap(snapshot);
    const kept = await this.rejectionFile.read((sealed) => this.openRejection(sealed));
    // One that lies before what is in force was overtaken.
    if (kept !== null && kept.rejection.revision > snapshot.number) {
      this.lastRejection = kept.rejection;
      this.rejectedSha256 = kept.sha256;
      this.rejectedEpoch = kept.epoch;
    }
    return true;
  }

  private openRejection(sealed: Buffer): z.infer<typeof KeptRejection> | null {
    const plain = openBytes(this.storageKey, REJECTION_PURPOSE, sealed);
    try {
      return plain === null ? null : KeptRejection.parse(JSON.parse(plain.toString()));
    } catch {
      return null;
    }
  }

  private openRevision(sealed: Buffer): SignedRevision | null {
    const plain = openBytes(this.storageKey, PURPOSE, sealed);
    try {
      return plain === null ? null : SignedRevision.parse(JSON.parse(plain.toString()));
    } catch {
      return null;
    }
  }

  private rebuild(sealed: Buffer): Snapshot | null {
    const revision = this.openRevision(sealed);
    try {
      return revision === null ? null : this.build(revision);
    } catch {
      return null;
    }
  }

  private build(revision: SignedRevision): Snapshot {
    this.refuseStale(revision);
    const document = verifyRevision(revision, this.controlKey);
    const snapshot = buildIndexes(revision.header, document);
    selfCheck(snapshot, document);
    return snapshot;
  }

  private refuseStale({ header }: SignedRevision): void {
    const applied = this.snapshot;
    if (applied === null) return;
    if (header.epoch < applied.epoch) {
      throw new RevisionRejected("stale_epoch", "", `Epoch ${header.epoch} lies before ${applied.epoch}.`);
    }
    if (header.epoch === applied.epoch && header.number <= applied.number) {
      throw new RevisionRejected("stale_revision", "", `Revision ${applied.number} is in force; numbers only rise.`);
    }
  }

  private swap(snapshot: Snapshot): void {
    this.snapshot = snapshot;
    this.lastRejection = null;
    this.rejectedSha256 = "";
    this.onSwap(snapshot);
  }

  private reject(revision: SignedRevision, error: unknown): void {
    const known = error instanceof RevisionRejected;
    this.rejectedSha256 = revision.header.sha256;
    this.rejectedEpoch = revision.header.epoch;
    this.lastRejection = {
      revision: revision.header.number,
      code: known ? error.code : "apply_failed",
      path: known ? error.path.slice(0, 300) : "",
      message: known ? error.message.slice(0, 1_000) : "The node could not build this revision.",
    };
  }

  /** A restart must not make a node forget why it stands still. */
  private async persistRejection(): Promise<void> {
    const { lastRejection: rejection, rejectedSha256: sha256, rejectedEpoch: epoch } = this;
    const kept = JSON.stringify({ rejection, sha256, epoch });
    const sealed = sealBytes(this.storageKey, REJECTION_PURPOSE, Buffer.from(kept));
    await this.rejectionFile.write(async (file) => {
      await file.writeFile(sealed);
    });
  }

  private async persist(revision: SignedRevision): Promise<void> {
    const sealed = sealBytes(this.storageKey, PURPOSE, Buffer.from(JSON.stringify(revision)));
    await this.file.write(async (file) => {
      await file.writeFile(sealed);
    });
  }

  /** Forgets what is on disk: the node was removed. */
  async forget(): Promise<void> {
    await this.file.remove();
    await this.rejectionFile.remove();
  }
}
