import { parseArgs } from "node:util";
import { PlainError } from "#scripts/terminal.ts";

/** An option of a command, for parsing and for its help. */
export interface Option {
  /** Text it takes, as the help names it; without, it is a switch. */
  takes?: string;
  short?: string;
  help: string;
}

/** What a person gave on the command line. */
export interface Given {
  text(name: string): string | undefined;
  isOn(name: string): boolean;
  positionals: string[];
}

/** One verb of the command line. `run` returns the exit status. */
export interface Command {
  name: string;
  /** What stands behind the options, as the help names it. */
  positional?: string;
  summary: string;
  /** More for the command's own help. */
  notes?: string;
  options: Record<string, Option>;
  run(given: Given): Promise<number>;
}

/** Nothing to do, or done. */
export const DONE = 0;
/** A plan found changes. 1 is for everything that fails. */
export const CHANGES = 2;

/** Reads a command's arguments. Throws one sentence for an option it does not have. */
export function parseGiven(command: Command, args: string[]): Given {
  try {
    const options = Object.fromEntries(
      Object.entries({ ...command.options, help: HELP_OPTION }).map(([name, { takes, short }]) => [
        name,
        { type: takes === undefined ? ("boolean" as const) : ("string" as const), ...(short ? { short } : {}) },
      ]),
    );
    const { values, positionals } = parseArgs({ args, options, allowPositionals: command.positional !== undefined });
    return {
      text: (name) => (typeof values[name] === "string" ? values[name] : undefined),
      isOn: (name) => values[name] === true,
      positionals,
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message.split(". ", 1)[0] : String(error);
    throw new PlainError(`${reason}. See \`turnpike ${command.name} --help\`.`);
  }
}

const HELP_OPTION: Option = { short: "h", help: "This text" };

/** The help of one command. */
export function helpOf({ name, positional, summary, notes, options }: Command): string {
  const rows = Object.entries({ ...options, help: HELP_OPTION }).map(([option, { takes, short, help }]) => {
    const usage = `${short ? `-${short}, ` : "    "}--${option}${takes ? ` <${takes}>` : ""}`;
    return `  ${usage.padEnd(30)}${help}`;
  });
  return [
    `turnpike ${name}${positional ? ` ${positional}` : ""} [options]`,
    "",
    summary,
    ...(notes ? ["", notes] : []),
    "",
    "Options",
    ...rows,
  ].join("\n");
}

/** Writes to standard output and waits until it is out. */
export function print(text: string): Promise<void> {
  return new Promise((resolve, reject) =>
    process.stdout.write(text.endsWith("\n") ? text : `${text}\n`, (error) => (error ? reject(error) : resolve())),
  );
}
