// `npm run dev`: everything from the sources. Next.js reloads the console by itself; the node is started anew when a
// file of its own changes.

import { watch } from "node:fs";
import path from "node:path";
import { projectRoot } from "#scripts/project-root.ts";
import { Shutdown } from "#scripts/start/shutdown.ts";
import { summaryOf } from "#scripts/start/summary.ts";
import { startTurnpike } from "#scripts/start/turnpike.ts";
import { failPlainly } from "#scripts/terminal.ts";

const settleMs = 200;

const shutdown = new Shutdown();
const say = (line: string) => void process.stdout.write(`${line}\n`);
shutdown.listen(say);

try {
  const running = await startTurnpike("development", shutdown, say);
  restartOnChange(running.gateway.restart);
  say(summaryOf(running));
} catch (error) {
  if (shutdown.hasBegun) await new Promise(() => {});
  await shutdown.run();
  failPlainly(error);
}

function restartOnChange(restart: () => void): void {
  let timer: NodeJS.Timeout | undefined;
  for (const folder of ["gateway", "lib/contract", "lib/policy"]) {
    watch(path.join(projectRoot, folder), { recursive: true }, (_event, file) => {
      if (!file?.endsWith(".ts") || file.endsWith(".test.ts")) return;
      clearTimeout(timer);
      timer = setTimeout(restart, settleMs);
    });
  }
}
