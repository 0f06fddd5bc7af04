import { ask, Refusal } from "#cli/api.ts";
import { CHANGES, type Command, DONE, type Given, print } from "#cli/command.ts";
import { type DeclarationFile, readDeclaration } from "#cli/declaration-file.ts";
import { type ResolvedSecrets, resolveSecrets } from "#cli/secrets.ts";
import { type ApiSettings, apiSettings } from "#cli/settings.ts";
import { showPlan } from "#cli/show-plan.ts";
import { DeclarationPlan } from "#lib/domain/declaration/schemas.ts";
import { PlainError } from "#scripts/terminal.ts";

/** Options of whatever reads a declaration. */
export const FILE_OPTION = {
  file: { takes: "path", short: "f", help: "The declaration (turnpike.yaml)" },
} as const;
export const PRUNE_OPTION = {
  prune: { help: "Remove what the declaration owns and no longer names" },
} as const;
export const JSON_OPTION = { json: { help: "The answer as JSON" } } as const;

/** A declaration with everything that is sent along. */
export interface Prepared extends ResolvedSecrets {
  source: DeclarationFile;
  settings: ApiSettings;
  prune: boolean;
}

/** Reads the declaration and what it refers to. */
export function prepare(given: Given): Prepared {
  const source = readDeclaration(given.text("file") ?? "turnpike.yaml");
  const resolved = resolveSecrets(source.declaration, source.file);
  return { source, settings: apiSettings(), prune: given.isOn("prune"), ...resolved };
}

/** Asks what applying would change. Throws with the places in the file where the control plane refuses it. */
export async function askPlan({ source, settings, secrets, prune }: Prepared): Promise<DeclarationPlan> {
  const body = { declaration: source.declaration, secrets, prune };
  return withPlaces(source, () => ask(settings, { method: "POST", path: "/declarations/plan", body }, DeclarationPlan));
}

/** Tells a refusal by lines of the file. */
export async function withPlaces<T>(source: DeclarationFile, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refusal) || error.fields.length === 0) throw error;
    const [inFile, elsewhere] = [true, false].map((wanted) =>
      error.fields.filter(({ pointer }) => pointer.startsWith("/declaration/") === wanted),
    );
    const placed = (inFile ?? []).map((field) => ({ ...field, pointer: field.pointer.slice("/declaration".length) }));
    const rest = (elsewhere ?? []).map(({ pointer, detail }) => `${pointer}  ${detail}`);
    const said = rest.length > 0 ? [error.message, ...rest] : [];
    throw new PlainError([source.explain(placed), ...said].filter((line) => line !== "").join("\n"));
  }
}

/** Says on standard error which secrets are not there, and what that means. */
export function tellMissing({ missing }: ResolvedSecrets): void {
  for (const { reference, reason } of missing)
    process.stderr.write(`${reference} ${reason}: a stored secret stays, and a new credential cannot be made.\n`);
}

/** Whether applying a plan would do anything. */
export function hasChanges({ summary }: DeclarationPlan): boolean {
  return summary.create + summary.update + summary.adopt + summary.delete > 0;
}

export const plan: Command = {
  name: "plan",
  summary: "Say what applying a declaration would change, and what was changed by hand",
  notes: "Changes nothing. Exit status: 0 nothing to change, 2 changes, 1 anything wrong.",
  options: { ...FILE_OPTION, ...PRUNE_OPTION, ...JSON_OPTION },
  async run(given) {
    const prepared = prepare(given);
    const planned = await askPlan(prepared);
    tellMissing(prepared);
    await print(given.isOn("json") ? JSON.stringify(planned, null, 2) : showPlan(planned));
    return hasChanges(planned) ? CHANGES : DONE;
  },
};
