import type { Directory } from "./directory.ts";
import type { DirectoryFile } from "./directory-file.ts";

/** Writes the directory a moment after it changed, never two writes at once, and not more than a twentieth of the time. */
export class DirectoryWriter {
  private readonly directory: Directory;
  private readonly file: DirectoryFile;
  private readonly onError: (error: unknown) => void;
  private timer: NodeJS.Timeout | null = null;
  private writing: Promise<void> | null = null;
  private pauseMs: number;
  private readonly pauseMsMin: number;

  constructor(directory: Directory, file: DirectoryFile, onError: (error: unknown) => void, pauseMsMin = 500) {
    this.directory = directory;
    this.file = file;
    this.onError = onError;
    this.pauseMsMin = pauseMsMin;
    this.pauseMs = pauseMsMin;
  }

  changed(): void {
    if (this.timer !== null) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      if (this.writing === null) void this.write();
      else this.changed();
    }, this.pauseMs);
    this.timer.unref();
  }

  private async write(): Promise<void> {
    const startedMs = performance.now();
    this.writing = this.file.write(this.directory.current).catch(this.onError);
    await this.writing;
    this.writing = null;
    this.pauseMs = Math.max(this.pauseMsMin, (performance.now() - startedMs) * 20);
  }

  /** Writes what has not been written yet, and waits for it. */
  async flush(): Promise<void> {
    await this.writing;
    if (this.timer === null) return;
    clearTimeout(this.timer);
    this.timer = null;
    await this.write();
  }
}
