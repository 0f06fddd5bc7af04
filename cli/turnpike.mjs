#!/usr/bin/env node
// `npx turnpike <verb>`: the command line, on the pinned Node, in the folder it was called from.

import { execPinned, fail, prepare } from "../scripts/bootstrap.mjs";

try {
  const calledFrom = process.env.npm_lifecycle_event === "turnpike" ? process.env.INIT_CWD : undefined;
  const cwd = calledFrom ?? process.cwd();
  execPinned(await prepare({ quiet: true }), "cli/main.ts", process.argv.slice(2), { cwd });
} catch (error) {
  fail(error);
}
