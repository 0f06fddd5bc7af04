import { existsSync } from "node:fs";
import path from "node:path";
import { type Command, DONE, print } from "#cli/command.ts";
import { PASSPHRASE_OPTION, readPassphrase } from "#cli/passphrase.ts";
import { BackupRefused, writeBackup } from "#lib/domain/backup/index.ts";
import { openInstallation } from "#scripts/db/open-installation.ts";
import { formatDuration, PlainError } from "#scripts/terminal.ts";

export const backup: Command = {
  name: "backup",
  positional: "<file>",
  summary: "Write everything the database holds into an encrypted file",
  notes: `Policy, people, keys, audit and usage as they were at one moment, while Turnpike runs on. Secrets of upstreams are in
it as they are stored: sealed with the master key. Keep the master key apart; without it they cannot be read.`,
  options: { ...PASSPHRASE_OPTION, json: { help: "What was written, as JSON" } },
  async run(given) {
    const [file] = given.positionals;
    if (file === undefined || given.positionals.length > 1)
      throw new PlainError("Say where to: turnpike backup <file>.");
    if (existsSync(file)) throw new PlainError(`${file} is there already. Choose another name, or move it away.`);
    const passphrase = await readPassphrase(given, { isNew: true });
    const startedMs = performance.now();
    const installation = await openInstallation({ isAlone: false });
    try {
      const { tables, rows, bytes, manifest } = await writeBackup(
        installation.databaseUrl,
        path.resolve(file),
        passphrase,
      );
      const { createdAt, revision, epoch } = manifest;
      const said = { file, tables, rows, bytes, createdAt, revision, epoch };
      const took = formatDuration(performance.now() - startedMs);
      const sentence = `${file}: ${rows} rows of ${tables} tables in ${bytes} bytes, as of ${createdAt}, in ${took}.`;
      await print(given.isOn("json") ? JSON.stringify(said) : sentence);
      return DONE;
    } catch (error) {
      throw error instanceof BackupRefused ? new PlainError(error.message) : error;
    } finally {
      await installation.close();
    }
  },
};
