// `node scripts/run.mjs <file> [arguments]`: any of our TypeScript programs, on the pinned Node.

import { execPinned, fail, prepare, StartError } from "./bootstrap.mjs";
import { gatewayNodeArgs, gatewayNodeEnv } from "./gateway-node-args.mjs";

const [file, ...args] = process.argv.slice(2);

try {
  if (!file) throw new StartError("Usage: node scripts/run.mjs <file> [arguments]");
  execPinned(
    await prepare(),
    file,
    args,
    file === "gateway/main.ts" ? { nodeArgs: [...gatewayNodeArgs], env: gatewayNodeEnv } : {},
  );
} catch (error) {
  fail(error);
}
