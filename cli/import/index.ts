import { ImportDraft } from "#cli/import/draft.ts";
import { importKong } from "#cli/import/kong.ts";
import { importLiteLlm } from "#cli/import/litellm.ts";
import { Findings, Part } from "#cli/import/part.ts";
import { importPortkey, type PortkeyHints } from "#cli/import/portkey.ts";
import { PlainError } from "#scripts/terminal.ts";

/** What can be moved in from. */
export const FORMATS = ["litellm", "portkey", "kong"] as const;
export type ImportFormat = (typeof FORMATS)[number];

export interface Imported {
  format: ImportFormat;
  declaration: Record<string, unknown>;
  findings: Findings;
}

/** Tells a file's format by what only that one has. Throws one sentence where none is clear. */
export function formatOf(value: unknown): ImportFormat {
  const names = new Set(Object.keys(Object(value)));
  if (names.has("model_list")) return "litellm";
  if (names.has("_format_version")) return "kong";
  if (["targets", "strategy", "provider", "virtual_key", "config"].some((name) => names.has(name))) return "portkey";
  throw new PlainError(`It is not clear what this file is: say --from ${FORMATS.join(", --from ")}.`);
}

/** Makes a declaration of a foreign file's value, and tells everything that could not be carried. */
export function importValue(value: unknown, format: ImportFormat, name: string, hints: PortkeyHints): Imported {
  const findings = new Findings();
  const draft = new ImportDraft(findings);
  const file = new Part(value, "", findings);
  if (format === "litellm") importLiteLlm(file, draft);
  else if (format === "kong") importKong(file, draft);
  else importPortkey(file, draft, hints);
  return { format, declaration: draft.declaration(name), findings };
}
