import { z } from "zod";
import { openBytes, sealBytes } from "#gateway/snapshot/sealed-bytes.ts";
import { GenerationFile } from "#gateway/snapshot/store-on-disk.ts";

const PURPOSE = "freshness";
/** How often it is written down: after a restart the node counts from the last time, which errs towards staler. */
const WRITE_EVERY_MS = 10_000;
/** A clock that was set back by more than this says nothing about how long ago something was. */
const BACKWARDS_MS_MAX = 2_000;

const Kept = z.object({ atLocalMs: z.number() });

/**
 * How long ago this node was last sure to know everything that the control plane had told: from answers to its reports that
 * say where the directory ends. Counted by a clock that never goes back; over a restart by the machine's clock.
 */
export class Freshness {
  private readonly storageKey: Buffer;
  private readonly file: GenerationFile;
  private readonly monotonicMs: () => number;
  private readonly nowLocalMs: () => number;
  private readonly onProblem: (error: unknown) => void;
  private freshAtMs = Number.NEGATIVE_INFINITY;
  private writtenAtMs = Number.NEGATIVE_INFINITY;
  private writing: Promise<void> | null = null;

  constructor(options: {
    storageKey: Buffer;
    directory: string;
    monotonicMs: () => number;
    nowLocalMs: () => number;
    onProblem: (error: unknown) => void;
  }) {
    this.storageKey = options.storageKey;
    this.file = new GenerationFile(options.directory, "freshness");
    this.monotonicMs = options.monotonicMs;
    this.nowLocalMs = options.nowLocalMs;
    this.onProblem = options.onProblem;
  }

  /** Milliseconds since this node was up to date; infinity for never. */
  staleMs = (): number => this.monotonicMs() - this.freshAtMs;

  /**
   * The node was up to date at this moment of the monotonic clock. `isNeeded`: a plan in force asks for it, so that it is
   * kept over a restart.
   */
  confirm(atMs: number, isNeeded: boolean): void {
    this.freshAtMs = Math.max(this.freshAtMs, atMs);
    if (!isNeeded || this.writing !== null || this.monotonicMs() - this.writtenAtMs < WRITE_EVERY_MS) return;
    this.writtenAtMs = this.monotonicMs();
    this.writing = this.write().catch(this.onProblem);
    void this.writing.then(() => {
      this.writing = null;
    });
  }

  /** Puts down that what the node starts from was up to date at a moment of the machine's clock. */
  async seed(atLocalMs: number): Promise<void> {
    this.freshAtMs = this.monotonicMs() - Math.max(0, this.nowLocalMs() - atLocalMs);
    await this.write();
  }

  private async write(): Promise<void> {
    const kept: z.infer<typeof Kept> = { atLocalMs: this.nowLocalMs() - this.staleMs() };
    const sealed = sealBytes(this.storageKey, PURPOSE, Buffer.from(JSON.stringify(kept)));
    await this.file.write(async (file) => {
      await file.writeFile(sealed);
    });
  }

  /** Starts from what the disk holds; where that is damaged or lies in the future, the node counts as never up to date. */
  async load(): Promise<void> {
    const kept = await this.file.read((sealed) => {
      const plain = openBytes(this.storageKey, PURPOSE, sealed);
      try {
        return plain === null ? null : Kept.parse(JSON.parse(plain.toString()));
      } catch {
        return null;
      }
    });
    const agoMs = kept === null ? Number.POSITIVE_INFINITY : this.nowLocalMs() - kept.atLocalMs;
    if (agoMs >= -BACKWARDS_MS_MAX) this.freshAtMs = this.monotonicMs() - Math.max(0, agoMs);
  }

  async forget(): Promise<void> {
    await this.writing;
    await this.file.remove();
  }
}
