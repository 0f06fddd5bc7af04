// The command line: one file a command under commands/, loaded when it is asked for.

import { Refusal } from "#cli/api.ts";
import { type Command, helpOf, parseGiven, print } from "#cli/command.ts";
import { failPlainly, PlainError } from "#scripts/terminal.ts";

const look = () => import("#cli/commands/look.ts");
const COMMANDS: ReadonlyMap<string, () => Promise<Command>> = new Map([
  ["plan", async () => (await import("#cli/commands/plan.ts")).plan],
  ["apply", async () => (await import("#cli/commands/apply.ts")).apply],
  ["export", async () => (await import("#cli/commands/export.ts")).exportCommand],
  ["check", async () => (await import("#cli/commands/check.ts")).check],
  ["schema", async () => (await import("#cli/commands/schema.ts")).schema],
  ["import", async () => (await import("#cli/commands/import.ts")).importCommand],
  ["backup", async () => (await import("#cli/commands/backup.ts")).backup],
  ["restore", async () => (await import("#cli/commands/restore.ts")).restore],
  ["revisions", async () => (await look()).revisions],
  ["nodes", async () => (await look()).nodes],
  ["keys", async () => (await look()).keys],
  ["audit", async () => (await look()).audit],
]);

async function help(): Promise<string> {
  const commands = await Promise.all([...COMMANDS.values()].map((load) => load()));
  return `turnpike <command> [options]

${commands.map(({ name, summary }) => `  ${name.padEnd(10)}${summary}`).join("\n")}

Environment
  TURNPIKE_URL        the console's address (http://127.0.0.1:3000)
  TURNPIKE_TOKEN      a management token, for whatever asks the control plane
  DATABASE_URL        for backup and restore; else the embedded database of TURNPIKE_HOME

\`turnpike <command> --help\` says more. docs/as-code.md, docs/backup.md and docs/moving-in.md say the rest.`;
}

async function main([name, ...args]: string[]): Promise<number> {
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    const asked = await COMMANDS.get(args[0] ?? "")?.();
    await print(asked ? helpOf(asked) : await help());
    return name === undefined ? 1 : 0;
  }
  const command = await COMMANDS.get(name)?.();
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
