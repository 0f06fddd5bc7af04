// The children append to their logs for as long as they run: past a size, the log is set aside and begun anew.

import { copyFileSync, existsSync, readdirSync, statSync, truncateSync } from "node:fs";
import path from "node:path";

const logBytesMax = 20 * 1024 * 1024;
const checkEveryMs = 60_000;

/** Keeps every log of a folder within twice the limit. The timer does not keep the process alive. */
export function limitLogs(folder: string): void {
  const check = () => {
    for (const name of existsSync(folder) ? readdirSync(folder) : []) {
      const file = path.join(folder, name);
      if (!name.endsWith(".log") || statSync(file).size <= logBytesMax) continue;
      // Writers append, so they go on at the new end.
      copyFileSync(file, `${file}.1`);
      truncateSync(file);
    }
  };
  check();
  setInterval(check, checkEveryMs).unref();
}
