import { existsSync } from "node:fs";
import { type Command, DONE, print } from "#cli/command.ts";
import { PASSPHRASE_OPTION, readPassphrase } from "#cli/passphrase.ts";
import { BackupRefused, readBackup, restoreBackup } from "#lib/domain/backup/index.ts";
import { migrate } from "#scripts/db/migrate.ts";
import { knownMigrations, migrateTo } from "#scripts/db/migrate-to.ts";
import { openInstallation } from "#scripts/db/open-installation.ts";
import { PlainError } from "#scripts/terminal.ts";

export const restore: Command = {
  name: "restore",
  positional: "<file>",
  summary: "Bring a backup back, into an empty database",
  notes: `Stop every control plane of that database first. The file is proved whole before anything is touched. Afterwards the
epoch is higher, so that every node takes the restored policy, and everybody signs in anew.`,
  options: {
    ...PASSPHRASE_OPTION,
    force: { help: "Replace what the database holds" },
    verify: { help: "Only prove that the file is whole and the passphrase right" },
  },
  async run(given) {
    const [file] = given.positionals;
    if (file === undefined || given.positionals.length > 1) throw new PlainError("Say what: turnpike restore <file>.");
    if (!existsSync(file)) throw new PlainError(`${file} is not there.`);
    const passphrase = await readPassphrase(given, { isNew: false });
    try {
      if (given.isOn("verify")) {
        const { createdAt, tables, rows, softwareVersion } = await readBackup(file, passphrase);
        await print(
          `${file} is whole: ${rows} rows of ${tables} tables, as of ${createdAt}, by version ${softwareVersion}.`,
        );
        return DONE;
      }
      await restoreInto(file, passphrase, given.isOn("force"));
      return DONE;
    } catch (error) {
      throw error instanceof BackupRefused ? new PlainError(error.message) : error;
    }
  },
};

async function restoreInto(file: string, passphrase: string, isForced: boolean): Promise<void> {
  const installation = await openInstallation({ isAlone: true });
  const { databaseUrl, masterKey } = installation;
  try {
    if (masterKey === null)
      throw new PlainError(
        "The master key is needed too: set TURNPIKE_MASTER_KEY to that of the installation the backup was made of.",
      );
    const { rows, epoch, revision } = await restoreBackup({
      databaseUrl,
      file,
      passphrase,
      masterKey: Buffer.from(masterKey, "base64"),
      isForced,
      now: new Date(),
      known: knownMigrations(),
      async migrate(names) {
        if (names) await migrateTo(databaseUrl, names);
        else await migrate(databaseUrl);
      },
      say: (line) => void process.stderr.write(`${line}\n`),
    });
    installation.keepMasterKey();
    await print(
      `Restored ${rows} rows: epoch ${epoch}, revision ${revision}. Start the control plane; nodes follow by themselves.`,
    );
  } finally {
    await installation.close();
  }
}
