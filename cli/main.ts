// The command line: one file a command under commands/.

import { Refusal } from "#cli/api.ts";
import { type Command, helpOf, parseGiven, print } from "#cli/command.ts";
import { apply } from "#cli/commands/apply.ts";
import { backup } from "#cli/commands/backup.ts";
import { check } from "#cli/commands/check.ts";
import { exportCommand } from "#cli/commands/export.ts";
import { importCommand } from "#cli/commands/import.ts";
import { audit, keys, nodes, revisions } from "#cli/commands/look.ts";
import { plan } from "#cli/commands/plan.ts";
import { restore } from "#cli/commands/restore.ts";
import { schema } from "#cli/commands/schema.ts";
import { failPlainly, PlainError } from "#scripts/terminal.ts";

const COMMANDS: readonly Command[] = [
  plan,
  apply,
  exportCommand,
  check,
  schema,
  importCommand,
  backup,
  restore,
  revisions,
  nodes,
  keys,
  audit,
];

const HELP = `turnpike <command> [options]

${COMMANDS.map(({ name, summary }) => `  ${name.padEnd(10)}${summary}`).join("\n")}

Environment
  TURNPIKE_URL        the console's address (http://127.0.0.1:3000)
  TURNPIKE_TOKEN      a management token, for whatever asks the control plane
  DATABASE_URL        for backup and restore; else the embedded database of TURNPIKE_HOME

\`turnpike <command> --help\` says more. docs/as-code.md, docs/backup.md and docs/moving-in.md say the rest.`;

async function main([name, ...args]: string[]): Promise<number> {
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    const asked = COMMANDS.find((command) => command.name === args[0]);
    await print(asked ? helpOf(asked) : HELP);
    return name === undefined ? 1 : 0;
  }
  const command = COMMANDS.find((each) => each.name === name);
  if (!command) throw new PlainError(`There is no command "${name}". See \`turnpike --help\`.`);
  const given = parseGiven(command, args);
  if (given.isOn("help")) {
    await print(helpOf(command));
    return 0;
  }
  return command.run(given);
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => failPlainly(error instanceof Refusal ? new PlainError(error.message) : error),
);
