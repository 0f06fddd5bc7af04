// `npm run verify [-- name …]`: everything that can be checked without a database. One line for each check, the rest
// only on failure.

import { existsSync } from "node:fs";
import path from "node:path";
import { generateClient } from "#scripts/db/generate.ts";
import { projectRoot } from "#scripts/project-root.ts";
import { describeFailure, failPlainly, formatDuration } from "#scripts/terminal.ts";
import { checkEnvExample } from "#scripts/verify/check-env-example.ts";
import { checkFileSizes, largestFiles } from "#scripts/verify/check-file-sizes.ts";
import { checkGatewayBundle } from "#scripts/verify/check-gateway-bundle.ts";
import { checkImports } from "#scripts/verify/check-imports.ts";
import { checkLockfile } from "#scripts/verify/check-lockfile.ts";
import { checkMigrations } from "#scripts/verify/check-migrations.ts";
import { checkProcessEnv } from "#scripts/verify/check-process-env.ts";
import { checkVerbs } from "#scripts/verify/check-verbs.ts";
import { runTool } from "#scripts/verify/run-tool.ts";
import { sourceFiles } from "#scripts/verify/source-files.ts";

interface Check {
  name: string;
  /** Returns what is wrong; nothing when all is well. */
  run: () => Promise<string[]> | string[];
}

const files = sourceFiles();

const checks: Check[] = [
  {
    name: "lint",
    run: () => runTool("@biomejs/biome/bin/biome", ["check", "--diagnostic-level=warn", "--max-diagnostics=50", "."]),
  },
  { name: "types", run: checkTypes },
  { name: "imports", run: () => checkImports(files) },
  { name: "dead-code", run: () => runTool("knip/bin/knip.js", ["--no-progress"]) },
  { name: "file-sizes", run: () => checkFileSizes(files) },
  { name: "verbs", run: () => checkVerbs(files) },
  { name: "process-env", run: () => checkProcessEnv(files) },
  { name: "env-example", run: checkEnvExample },
  { name: "lockfile", run: checkLockfile },
  { name: "migrations", run: () => checkMigrations() },
  { name: "gateway-bundle", run: checkGatewayBundle },
];

async function checkTypes(): Promise<string[]> {
  // Next.js describes style sheets and images to the compiler in a file that it writes itself.
  if (!existsSync(path.join(projectRoot, "next-env.d.ts"))) await runTool("next/dist/bin/next", ["typegen"]);
  // Without what `next dev` left behind for pages that are gone.
  return runTool("typescript/bin/tsc", ["--noEmit", "--project", "scripts/verify/tsconfig.json"]);
}

async function verify(names: string[]): Promise<number> {
  const chosen = checks.filter(({ name }) => names.length === 0 || names.includes(name));
  if (chosen.length === 0)
    failPlainly(`There is no such check. There are: ${checks.map(({ name }) => name).join(", ")}`);
  await generateClient();
  let failed = 0;
  for (const { name, run } of chosen) {
    const startedMs = performance.now();
    const problems = await Promise.resolve()
      .then(run)
      .catch((error: unknown) => [describeFailure(error)]);
    if (problems.length > 0) failed++;
    const elapsed = formatDuration(performance.now() - startedMs);
    console.log(`${problems.length > 0 ? "failed" : "ok    "}  ${name.padEnd(16)} ${elapsed}`);
    for (const problem of problems) console.log(problem.replace(/^/gm, "        "));
  }
  if (names.length === 0) console.log(`\nThe ten largest files, in lines:\n${largestFiles(files).join("\n")}`);
  return failed;
}

verify(process.argv.slice(2)).then((failed) => process.exit(failed > 0 ? 1 : 0), failPlainly);
