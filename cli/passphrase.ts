import { readFileSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import type { Given } from "#cli/command.ts";
import { backupPassphrase } from "#cli/settings.ts";
import { PlainError } from "#scripts/terminal.ts";

const CHARS_MIN = 12;

export const PASSPHRASE_OPTION = {
  "passphrase-file": {
    takes: "path",
    help: "Its first line is the passphrase; else TURNPIKE_BACKUP_PASSPHRASE, or asked",
  },
} as const;

/** The passphrase of a backup: from a file, from the environment, or asked for; never from an argument, which others see. */
export async function readPassphrase(given: Given, { isNew }: { isNew: boolean }): Promise<string> {
  const passphrase = await findPassphrase(given, isNew);
  if (isNew && passphrase.length < CHARS_MIN)
    throw new PlainError(
      `A passphrase needs at least ${CHARS_MIN} characters: whoever has the file may try as many as they like.`,
    );
  if (passphrase === "") throw new PlainError("The passphrase is empty.");
  return passphrase;
}

async function findPassphrase(given: Given, isNew: boolean): Promise<string> {
  const file = given.text("passphrase-file");
  if (file !== undefined) {
    try {
      return readFileSync(file, "utf8").split(/\r?\n/, 1)[0] ?? "";
    } catch {
      throw new PlainError(`The passphrase file ${file} cannot be read.`);
    }
  }
  const kept = backupPassphrase();
  if (kept !== undefined) return kept;
  if (process.stdin.isTTY !== true)
    throw new PlainError("There is no passphrase: set TURNPIKE_BACKUP_PASSPHRASE, or give --passphrase-file.");
  const first = await askHidden("Passphrase: ");
  if (isNew && (await askHidden("Once more: ")) !== first) throw new PlainError("The two are not the same.");
  return first;
}

async function askHidden(question: string): Promise<string> {
  process.stderr.write(question);
  // What is typed is echoed nowhere.
  const output = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output, terminal: true });
  const answer = await terminal.question("").finally(() => terminal.close());
  process.stderr.write("\n");
  return answer;
}
