// The data directory, TURNPIKE_HOME: closed to other users, and so is every secret in it.

import { randomBytes } from "node:crypto";
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { PlainError } from "#scripts/terminal.ts";

/** Creates the data directory (mode 0700) and checks that it can be written. */
export function openHome(homeDir: string): void {
  try {
    makeFolder(homeDir);
    accessSync(homeDir, constants.R_OK | constants.W_OK | constants.X_OK);
    chmodSync(homeDir, 0o700);
    mkdirSync(path.join(homeDir, "log"), { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new PlainError(
      `The data directory ${homeDir} cannot be written (${codeOf(error)}): give yourself write permission, or set TURNPIKE_HOME to another one.`,
    );
  }
}

// Not mkdir's own `recursive`, which never returns under /proc.
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(path.dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
}

/** Reads a secret of the data directory, making it first (`bytes` random bytes, base64) where there is none. */
export function readOrMakeSecret(homeDir: string, name: string, bytes = 32): string {
  const file = path.join(homeDir, name);
  if (!existsSync(file)) writePrivate(file, `${randomBytes(bytes).toString("base64")}\n`);
  const secret = readFileSync(file, "utf8").trim();
  if (secret === "")
    throw new PlainError(`${file} is empty: restore it from a backup; data sealed with it cannot be read without it.`);
  return secret;
}

/** Writes a file only its owner may read, whole or not at all. */
export function writePrivate(file: string, text: string): void {
  const unfinished = `${file}.${process.pid}.tmp`;
  writeFileSync(unfinished, text, { mode: 0o600, flush: true });
  renameSync(unfinished, file);
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
