// `node scripts/run.mjs <file> [arguments]`: any of our TypeScript programs, on the pinned Node.

import { execPinned, fail, prepare, StartError } from "./bootstrap.mjs";
import { gatewayNodeArgs } from "./gateway-node-args.mjs";

const [file, ...args] = process.argv.slice(2);

try {
  if (!file) throw new StartError("Usage: node scripts/run.mjs <file> [arguments]");
  execPinned(await prepare(), file, args, { nodeArgs: file === "gateway/main.ts" ? [...gatewayNodeArgs] : [] });
} catch (error) {
  fail(error);
}
