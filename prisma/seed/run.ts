// Fills the installation of DATABASE_URL. Argument: the scenario.

import { database } from "#lib/db/client.ts";
import { DomainError } from "#lib/domain/errors.ts";
import { failPlainly, formatDuration, PlainError } from "#scripts/terminal.ts";
import { NotInstalled, seedDemo } from "./demo/index.ts";
import { WHOLE_USAGE } from "./demo/usage.ts";

const say = (line: string) => process.stdout.write(`${line}\n`);

async function run(): Promise<void> {
  const startedMs = performance.now();
  say("Filling the installation with the demo; this takes up to a minute.");
  const { isFresh, lines } = await seedDemo(database(), new Date(), WHOLE_USAGE, say).catch(explain);
  for (const line of lines) say(line);
  if (isFresh) say(`Done in ${formatDuration(performance.now() - startedMs)}.`);
}

function explain(error: unknown): never {
  if (error instanceof NotInstalled)
    throw new PlainError(
      "This database holds no installation yet: start Turnpike with `npm start` once, then seed it.",
    );
  if (error instanceof DomainError && error.code === "name_taken")
    throw new PlainError(
      "The demo cannot be added: something here has the name of a team, plan, route or upstream of it.",
    );
  throw error;
}

run().then(() => process.exit(0), failPlainly);
