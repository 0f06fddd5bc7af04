// `npm test [-- suite …]`: every suite in order, each within its minutes; the last line says how many tests did what.

import { spawn } from "node:child_process";
import path from "node:path";
import { childEnv } from "#scripts/env.ts";
import { projectRoot } from "#scripts/project-root.ts";
import { failPlainly, formatDuration } from "#scripts/terminal.ts";
import { meetRequirements } from "#scripts/test/requirements.ts";
import { allSuites, type Counts, type Suite } from "#scripts/test/suites.ts";

const killGraceMs = 10_000;
const outputCharsMax = 1_000_000;

interface Outcome extends Counts {
  name: string;
  durationMs: number;
  remark: string;
}

async function testAll(names: string[]): Promise<boolean> {
  const suites = allSuites().filter(({ name }) => names.length === 0 || names.includes(name));
  if (suites.length === 0)
    throw new Error(
      `There is no such suite. There are: ${allSuites()
        .map(({ name }) => name)
        .join(", ")}`,
    );
  const missing = meetRequirements(suites.map(({ name }) => name));
  const outcomes: Outcome[] = [];
  for (const suite of suites) {
    const reason = missing.get(suite.name);
    outcomes.push(reason ? leftOut(suite, reason) : await runSuite(suite));
  }
  return report(outcomes);
}

function leftOut({ name }: Suite, reason: string): Outcome {
  console.log(`\n▶ ${name}: not run, because ${reason}`);
  return { name, passed: 0, failed: 0, skipped: 1, durationMs: 0, remark: `not run: ${reason}` };
}

async function runSuite(suite: Suite): Promise<Outcome> {
  console.log(`\n▶ ${suite.name} (up to ${suite.minutes} minutes)`);
  const startedMs = performance.now();
  const { output, status } = await run(suite);
  const durationMs = performance.now() - startedMs;
  let counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  let remark = status === "0" ? "" : `ended with ${status}`;
  try {
    counts = suite.count(output);
  } catch (error) {
    remark = `${remark} and left no results (${String(error)})`;
  }
  // A program that fails without a failing test (a crash, an unhandled error, its time being up) is one failure.
  if (remark !== "" && counts.failed === 0) counts = { ...counts, failed: 1 };
  return { name: suite.name, ...counts, durationMs, remark };
}

function run(suite: Suite): Promise<{ output: string; status: string }> {
  return new Promise((resolve) => {
    const lifeline = path.join(projectRoot, "scripts/start/lifeline.mjs");
    const child = spawn(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", "--import", lifeline, ...suite.args],
      {
        cwd: projectRoot,
        stdio: ["ignore", "pipe", "pipe", "pipe"],
        env: childEnv({ ...suite.env, TURNPIKE_LIFELINE_FD: "3" }),
      },
    );
    let output = "";
    const show = (chunk: Buffer, to: NodeJS.WriteStream) => {
      to.write(chunk);
      if (output.length < outputCharsMax) output += chunk.toString("utf8");
    };
    child.stdout?.on("data", (chunk: Buffer) => show(chunk, process.stdout));
    child.stderr?.on("data", (chunk: Buffer) => show(chunk, process.stderr));
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      child.kill("SIGTERM");
      setTimeout(() => child.kill("SIGKILL"), killGraceMs).unref();
    }, suite.minutes * 60_000);
    child.once("error", (error) => resolve({ output, status: error.message }));
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ output, status: isLate ? `its ${suite.minutes} minutes being up` : String(signal ?? code) });
    });
  });
}

function report(outcomes: Outcome[]): boolean {
  console.log("");
  for (const { name, passed, failed, skipped, durationMs, remark } of outcomes) {
    const counts = `${passed} passed, ${failed} failed, ${skipped} skipped`;
    console.log(
      `${failed > 0 ? "✗" : "✓"} ${name.padEnd(12)} ${formatDuration(durationMs).padStart(9)}  ${counts}${remark ? `  (${remark})` : ""}`,
    );
  }
  const sum = (of: (counts: Counts) => number) => outcomes.reduce((total, each) => total + of(each), 0);
  const failed = sum((each) => each.failed);
  console.log(`\n${sum((each) => each.passed)} passed, ${failed} failed, ${sum((each) => each.skipped)} skipped`);
  return failed === 0;
}

testAll(process.argv.slice(2)).then((isGreen) => process.exit(isGreen ? 0 : 1), failPlainly);
