import { closeSync, fdatasync, openSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";

/** The file system calls a spool makes, so that a full or failing disk can be had in a test. */
export interface SegmentFileSystem {
  open(path: string): number;
  /** A descriptor of a directory, to force new names in it to the disk. */
  openDirectory(path: string): number;
  write(fd: number, bytes: Buffer, length: number, position: number): number;
  sync(fd: number, done: (error: Error | null) => void): void;
  close(fd: number): void;
  remove(path: string): void;
}

export const realFileSystem: SegmentFileSystem = {
  open: (path) => openSync(path, "w", 0o600),
  openDirectory: (path) => openSync(path, "r"),
  write: (fd, bytes, length, position) => writeSync(fd, bytes, 0, length, position),
  sync: (fd, done) => fdatasync(fd, done),
  close: closeSync,
  remove: unlinkSync,
};

/** One append-only file of a spool, and what must be known to delete it. */
export class Segment {
  readonly path: string;
  readonly index: number;
  readonly fd: number;
  bytes = 0;
  /** The highest sequence in it or in any segment before it. */
  lastSequence: number;
  /** Calls whose intent lies here and whose outcome is not written yet. */
  openIntents = 0;

  constructor(files: SegmentFileSystem, directory: string, index: number, lastSequence: number) {
    this.index = index;
    this.path = join(directory, segmentName(index));
    this.lastSequence = lastSequence;
    this.fd = files.open(this.path);
  }
}

export function segmentName(index: number): string {
  return `${String(index).padStart(8, "0")}.log`;
}
