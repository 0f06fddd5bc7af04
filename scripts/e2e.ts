// `npm run e2e [-- arguments of Playwright]`: the browser tests alone.

import { spawn } from "node:child_process";
import { childEnv } from "#scripts/env.ts";
import { projectRoot } from "#scripts/project-root.ts";
import { failPlainly, PlainError } from "#scripts/terminal.ts";
import { findChromium } from "#scripts/test/chromium.ts";

if (findChromium() === null) {
  failPlainly(
    new PlainError("There is no Chromium: `npx playwright install chromium`, or Debian's `apt-get install chromium`."),
  );
}
const child = spawn(process.execPath, ["node_modules/@playwright/test/cli.js", "test", ...process.argv.slice(2)], {
  cwd: projectRoot,
  stdio: "inherit",
  env: childEnv({ NODE_ENV: "test" }),
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
child.once("exit", (code) => process.exit(code ?? 1));
