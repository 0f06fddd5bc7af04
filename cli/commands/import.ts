import { writeFileSync } from "node:fs";
import path from "node:path";
import { ask } from "#cli/api.ts";
import { type Command, DONE, type Given, print } from "#cli/command.ts";
import { tellMissing } from "#cli/commands/plan.ts";
import { parseYaml, readText } from "#cli/declaration-file.ts";
import { routeName } from "#cli/import/draft.ts";
import { FORMATS, formatOf, type Imported, type ImportFormat, importValue } from "#cli/import/index.ts";
import type { NeededSecret } from "#cli/import/part.ts";
import { resolveSecrets } from "#cli/secrets.ts";
import { apiSettings } from "#cli/settings.ts";
import { toYaml } from "#cli/to-yaml.ts";
import { AppliedDeclaration, Declaration } from "#lib/domain/declaration/schemas.ts";
import { DomainError, type FieldError } from "#lib/domain/errors.ts";
import { parseInput } from "#lib/domain/parse-input.ts";
import { PlainError } from "#scripts/terminal.ts";

export const importCommand: Command = {
  name: "import",
  positional: "<file>",
  summary: "Make a declaration of a LiteLLM config.yaml, a Portkey config or a Kong decK file",
  notes: `Writes the declaration to the terminal or to --output, and on standard error what it could not carry, line by line with
the reason. Secrets in the file are never shown: they become references, and it says which variables to set.`,
  options: {
    from: { takes: "format", help: `${FORMATS.join(", ")}; else told by the file itself` },
    name: { takes: "name", help: "The declaration's name (imported)" },
    route: { takes: "name", help: "Portkey: the route's name (the file's)" },
    model: { takes: "name", help: "Portkey: the model of targets that name none" },
    output: { takes: "path", short: "o", help: "Where to write the declaration" },
    apply: { help: "Apply it to the draft at once" },
    json: { help: "Declaration and findings as JSON" },
  },
  async run(given) {
    const [file] = given.positionals;
    if (file === undefined || given.positionals.length > 1) throw new PlainError("Say what: turnpike import <file>.");
    const { value, explain } = parseYaml(file, readText(file));
    const imported = importFile(value, file, given);
    const declaration = checked(imported, file);
    const { losses, notes, secrets } = imported.findings;
    if (given.isOn("json")) {
      const found = { format: imported.format, notCarried: losses, notes, secrets: [...secrets.values()] };
      await print(JSON.stringify({ declaration: imported.declaration, ...found }, null, 2));
    } else {
      process.stderr.write(`${report(imported, explain)}\n`);
      await write(imported, file, given.text("output"));
    }
    if (given.isOn("apply")) await applyDraft(declaration, file);
    return DONE;
  },
};

function importFile(value: unknown, file: string, given: Given): Imported {
  const asked = given.text("from");
  const format = FORMATS.find((each) => each === asked);
  if (asked !== undefined && format === undefined) throw new PlainError(`--from is one of ${FORMATS.join(", ")}.`);
  const chosen: ImportFormat = format ?? formatOf(value);
  const route = given.text("route") ?? routeName(path.basename(file).replace(/\.[^.]+$/, ""));
  return importValue(value, chosen, given.text("name") ?? "imported", { route, model: given.text("model") });
}

/** The declaration, held to the same schema as one that is written by hand. */
function checked({ declaration }: Imported, file: string): Declaration {
  try {
    return parseInput(Declaration, declaration);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const lines = error.fields.map(({ pointer, detail }) => `  ${pointer}  ${detail}`);
    throw new PlainError(`${file} could be read, but what it says does not fit a declaration:\n${lines.join("\n")}`);
  }
}

async function write(
  { declaration, format, findings }: Imported,
  file: string,
  output: string | undefined,
): Promise<void> {
  const above = [
    `From the ${format} file ${path.basename(file)}. ${findings.losses.length} things of it were not carried.`,
    ...[...findings.secrets.values()].map(
      ({ reference }) => `Set ${reference.slice("env:".length)} before you apply it.`,
    ),
  ];
  const text = toYaml(declaration, above);
  if (output === undefined) await print(text);
  else writeFileSync(output, text);
}

function report({ declaration, findings }: Imported, explain: (fields: FieldError[]) => string): string {
  const counts = ["upstreams", "routes", "plans", "prices", "consumers"].map((name) => {
    return `${Object.keys(Object(declaration[name])).length} ${name}`;
  });
  const said = (list: { pointer: string; reason: string }[]) =>
    explain(list.map(({ pointer, reason }) => ({ pointer, code: "", detail: reason })));
  const secrets = [...findings.secrets.values()].map((secret) => ({
    pointer: secret.pointer,
    code: "",
    detail: howToSet(secret),
  }));
  const parts = [`Carried: ${counts.join(", ")}.`];
  if (secrets.length > 0) parts.push("", "Secrets, which are nowhere in the declaration:", explain(secrets));
  if (findings.notes.length > 0) parts.push("", "To know:", said(findings.notes));
  if (findings.losses.length > 0) parts.push("", `Not carried (${findings.losses.length}):`, said(findings.losses));
  return parts.join("\n");
}

async function applyDraft(declaration: Declaration, file: string): Promise<void> {
  const resolved = resolveSecrets(declaration, file);
  tellMissing(resolved);
  const body = { declaration, secrets: resolved.secrets };
  const applied = await ask(apiSettings(), { method: "POST", path: "/declarations/apply", body }, AppliedDeclaration);
  const waits =
    applied.waiting.length > 0
      ? ` ${applied.waiting.length} consumers wait for their plan: publish, and apply again.`
      : "";
  process.stderr.write(`Applied to the draft: ${applied.draftChanges} changes to look at and publish.${waits}\n`);
}

function howToSet({ reference, isInFile, kind }: NeededSecret): string {
  const name = reference.slice("env:".length);
  if (kind === "awsKeys") return `set ${name} to {"accessKeyId":"…","secretAccessKey":"…"}`;
  if (kind === "serviceAccount") return `set ${name} to the text of the service account's key file`;
  return isInFile ? `set ${name} to the secret that stands here` : `${name} is read when it is applied`;
}
