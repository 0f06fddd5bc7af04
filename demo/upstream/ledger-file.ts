import { closeSync, openSync, writeSync } from "node:fs";

const BUFFER_CHARS_MAX = 65_536;
const FLUSH_MS = 200;

/** Appends records to a JSONL file: buffered, at most 64 KiB or 200 ms behind. Throws when the file cannot be opened. */
export class LedgerFile {
  readonly #descriptor: number;
  #buffer = "";
  #timer: NodeJS.Timeout | undefined;

  constructor(path: string) {
    this.#descriptor = openSync(path, "a", 0o600);
  }

  append(record: object): void {
    this.#buffer += `${JSON.stringify(record)}\n`;
    if (this.#buffer.length > BUFFER_CHARS_MAX) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), FLUSH_MS).unref();
  }

  close(): void {
    this.#flush();
    closeSync(this.#descriptor);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#buffer !== "") writeSync(this.#descriptor, this.#buffer);
    this.#buffer = "";
  }
}
