// `node scripts/run.mjs <file> [arguments]`: any of our TypeScript programs, on the pinned Node.

import { execPinned, fail, prepare, StartError } from "./bootstrap.mjs";
import { buildGateway } from "./build-gateway.mjs";
import { gatewayNodeArgs, gatewayNodeEnv } from "./gateway-node-args.mjs";

const [file, ...args] = process.argv.slice(2);

try {
  if (!file) throw new StartError("Usage: node scripts/run.mjs <file> [arguments]");
  const node = await prepare();
  if (file === "gateway/main.ts") {
    const options = { nodeArgs: [...gatewayNodeArgs], env: gatewayNodeEnv };
    execPinned(node, (await buildGateway()).file, args, options);
  } else {
    execPinned(node, file, args);
  }
} catch (error) {
  fail(error);
}
