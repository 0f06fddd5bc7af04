// The suites of `npm test`, in order, with the minutes after which each counts as hung: two to three times what it takes
// on two idle cores, where all of them together take about a quarter of an hour.

import { mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "#scripts/project-root.ts";

/** How many tests did what. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** One suite: a program, and how to count what it did. */
export interface Suite {
  name: string;
  minutes: number;
  args: string[];
  env: Record<string, string>;
  /** Reads the counts once the program has ended; `output` is what it printed. Throws when it left none. */
  count: (output: string) => Counts;
}

const resultsFolder = path.join(projectRoot, ".cache/test");

/** Every suite there is. */
export function allSuites(): Suite[] {
  mkdirSync(resultsFolder, { recursive: true });
  return [
    { name: "verify", minutes: 3, args: ["scripts/verify/main.ts"], env: {}, count: countChecks },
    vitestSuite("unit", 6),
    vitestSuite("integration", 5),
    // Before anything starts it, so that no test waits for it.
    {
      name: "build",
      minutes: 5,
      args: ["scripts/build.ts"],
      env: {},
      count: (output) => ({ passed: output.includes("✓ build the console") ? 1 : 0, failed: 0, skipped: 0 }),
    },
    vitestSuite("planes", 9),
    browserSuite("browser", 12),
  ];
}

function vitestSuite(name: string, minutes: number): Suite {
  const file = resultsFile(name);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  return {
    name,
    minutes,
    args: ["node_modules/vitest/vitest.mjs", "run", "--project", name, "--passWithNoTests", ...reporters],
    env: { NODE_ENV: "test" },
    count: () => {
      const report: { numPassedTests: number; numFailedTests: number; numPendingTests: number; numTodoTests: number } =
        readResults(file);
      return {
        passed: report.numPassedTests,
        failed: report.numFailedTests,
        skipped: report.numPendingTests + report.numTodoTests,
      };
    },
  };
}

function browserSuite(name: string, minutes: number): Suite {
  const file = resultsFile(name);
  return {
    name,
    minutes,
    args: ["node_modules/@playwright/test/cli.js", "test", "--reporter=list,json", "--pass-with-no-tests"],
    env: { NODE_ENV: "test", PLAYWRIGHT_JSON_OUTPUT_NAME: file },
    count: () => {
      const { stats }: { stats: { expected: number; unexpected: number; flaky: number; skipped: number } } =
        readResults(file);
      return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped };
    },
  };
}

function countChecks(output: string): Counts {
  const lines = output.split("\n");
  const having = (mark: string) => lines.filter((line) => line.startsWith(`${mark}  `)).length;
  return { passed: having("ok    "), failed: having("failed"), skipped: 0 };
}

function resultsFile(name: string): string {
  const file = path.join(resultsFolder, `${name}.json`);
  rmSync(file, { force: true });
  return file;
}

function readResults(file: string) {
  return JSON.parse(readFileSync(file, "utf8"));
}
