import { type FileHandle, link, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";

/**
 * Two generations of a file, replaced so that a crash at any moment leaves the new one or the one before, whole:
 * write aside, fsync, keep the present one under another name, rename over it, fsync the directory.
 */
export class GenerationFile {
  private readonly directory: string;
  private readonly name: string;
  /** Whether the present file may be kept as the generation before: not when it was found damaged. */
  private isCurrentGood = false;

  constructor(directory: string, name: string) {
    this.directory = directory;
    this.name = name;
  }

  private path(suffix: string): string {
    return join(this.directory, this.name + suffix);
  }

  /**
   * Reads the newest generation that `accept` takes (it returns null for damage). Returns null when there is none.
   * Never throws for what is in a file.
   */
  async read<T>(accept: (bytes: Buffer) => Promise<T | null> | T | null): Promise<T | null> {
    for (const suffix of ["", ".previous"]) {
      const bytes = await readFile(this.path(suffix)).catch(() => null);
      const value = bytes === null ? null : await accept(bytes);
      if (value === null) continue;
      this.isCurrentGood = suffix === "";
      return value;
    }
    return null;
  }

  /** Writes a new generation. One call at a time: the caller waits for the last. Throws what the file system throws. */
  async write(fill: (file: FileHandle) => Promise<void>): Promise<void> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    const file = await open(this.path(".new"), "w", 0o600);
    try {
      await fill(file);
      await file.sync();
    } finally {
      await file.close();
    }
    if (this.isCurrentGood) await this.keepCurrent();
    await rename(this.path(".new"), this.path(""));
    this.isCurrentGood = true;
    await syncDirectory(this.directory);
  }

  private async keepCurrent(): Promise<void> {
    await rm(this.path(".keep"), { force: true });
    await link(this.path(""), this.path(".keep"));
    await rename(this.path(".keep"), this.path(".previous"));
  }

  async remove(): Promise<void> {
    for (const suffix of ["", ".previous", ".new", ".keep"]) await rm(this.path(suffix), { force: true });
    this.isCurrentGood = false;
  }
}

export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
