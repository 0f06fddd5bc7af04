import { createInterface } from "node:readline/promises";
import { ask } from "#cli/api.ts";
import { type Command, DONE, type Given, print } from "#cli/command.ts";
import {
  askPlan,
  FILE_OPTION,
  hasChanges,
  JSON_OPTION,
  PRUNE_OPTION,
  type Prepared,
  prepare,
  tellMissing,
  withPlaces,
} from "#cli/commands/plan.ts";
import { showPlan } from "#cli/show-plan.ts";
import { AppliedDeclaration, type DeclarationPlan } from "#lib/domain/declaration/schemas.ts";
import { PlainError } from "#scripts/terminal.ts";

export const apply: Command = {
  name: "apply",
  summary: "Make the installation what a declaration says, all of it or nothing",
  notes: `Policy goes into the draft; --publish brings it to the nodes. Applying again changes nothing. On a terminal it
shows the plan and asks first. Exit status: 0 done or nothing to do, 1 anything wrong.`,
  options: {
    ...FILE_OPTION,
    ...PRUNE_OPTION,
    publish: { help: "Publish the draft afterwards" },
    note: { takes: "text", help: "The revision's note" },
    "with-others": { help: "Publish although the draft has other people's edits" },
    "incompatible-because": { takes: "reason", help: "Publish although callers lose something" },
    yes: { short: "y", help: "Do not ask" },
    ...JSON_OPTION,
  },
  async run(given) {
    const publish = publishing(given);
    const prepared = prepare(given);
    const planned = await askPlan(prepared);
    tellMissing(prepared);
    const isJson = given.isOn("json");
    if (!isJson) await print(showPlan(planned));
    if (!hasChanges(planned) && publish === null) {
      if (isJson) await print(JSON.stringify(planned, null, 2));
      return DONE;
    }
    await confirm(given, hasChanges(planned) ? "Apply this?" : "Publish the draft?");
    const applied = await askApply(prepared, planned, publish);
    await print(isJson ? JSON.stringify(applied, null, 2) : outcome(applied));
    return DONE;
  },
};

function publishing(given: Given): object | null {
  const [note, incompatibleBecause] = [given.text("note"), given.text("incompatible-because")];
  const withOthers = given.isOn("with-others");
  if (given.isOn("publish")) return { note, incompatibleBecause, withOthers };
  if (note !== undefined || incompatibleBecause !== undefined || withOthers)
    throw new PlainError("--note, --with-others and --incompatible-because are about publishing: add --publish.");
  return null;
}

function askApply(prepared: Prepared, planned: DeclarationPlan, publish: object | null): Promise<AppliedDeclaration> {
  const { source, settings, secrets, prune } = prepared;
  const body = { declaration: source.declaration, secrets, prune, publish };
  const request = { method: "POST", path: "/declarations/apply", body, ifMatch: planned.etag } as const;
  return withPlaces(source, () => ask(settings, request, AppliedDeclaration));
}

async function confirm(given: Given, question: string): Promise<void> {
  if (given.isOn("yes") || given.isOn("json") || process.stdin.isTTY !== true) return;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} [y/N] `).finally(() => terminal.close());
  if (!/^y(es)?$/i.test(answer.trim())) throw new PlainError("Nothing was changed.");
}

function outcome({ waiting, revision, draftChanges }: AppliedDeclaration): string {
  const waits = waiting.map(
    ({ key, plan }) => `consumer ${key} waits until the plan ${plan} is published: apply again then.`,
  );
  const draft =
    revision !== null
      ? `Published as revision ${revision}.`
      : draftChanges > 0
        ? `Applied. The draft has ${draftChanges} unpublished ${draftChanges === 1 ? "change" : "changes"}: --publish brings them to the nodes.`
        : "Applied.";
  return [...waits, draft].join("\n");
}
