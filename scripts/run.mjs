// `node scripts/run.mjs <file> [arguments]`: any of our TypeScript programs, on the pinned Node.

import { execPinned, fail, prepare, StartError } from "./bootstrap.mjs";

const [file, ...args] = process.argv.slice(2);

try {
  if (!file) throw new StartError("Usage: node scripts/run.mjs <file> [arguments]");
  execPinned(await prepare(), file, args);
} catch (error) {
  fail(error);
}
