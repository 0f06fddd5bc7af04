// Runs the demo upstream as a process of its own: `node demo/upstream/main.ts [port]`.
import { readDemoEnv } from "./env.ts";
import { startDemoUpstream } from "./server.ts";

async function main(): Promise<void> {
  const { port, host, ledgerPath, endsWithParent } = readDemoEnv();
  const upstream = await startDemoUpstream({ port, host, ...(ledgerPath === undefined ? {} : { ledgerPath }) });
  let isEnding = false;
  const end = () => {
    if (isEnding) return;
    isEnding = true;
    upstream.close().then(() => process.exit(0));
  };
  process.once("SIGTERM", end);
  process.once("SIGINT", end);
  if (endsWithParent) process.stdin.once("end", end).once("close", end).once("error", end).resume();
  process.stdout.write(`${JSON.stringify({ listening: upstream.url })}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(
    `The demo upstream could not start: ${error instanceof Error ? error.message : "unknown error"}\n`,
  );
  process.exit(1);
});
