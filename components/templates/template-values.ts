import { z } from "zod";
import type { TemplateView } from "#lib/domain/template/schemas.ts";

/** What the form holds: by name, an empty number box being null. What fits is the template's to say, at the server. */
export const TemplateValues = z.object({
  parameters: z.record(z.string(), z.union([z.string(), z.number()]).nullable()),
});
export type TemplateValues = z.infer<typeof TemplateValues>;

/** A template's form before anybody has typed: its defaults. */
export function templateDefaults({ parameters }: TemplateView): TemplateValues {
  const empty = (kind: TemplateView["parameters"][number]["kind"]) => (kind === "count" ? null : "");
  return {
    parameters: Object.fromEntries(parameters.map(({ name, kind, default: value }) => [name, value ?? empty(kind)])),
  };
}

/** What is sent: an empty box is left out, so that the server says that it is required, or takes its default. */
export function templateBody({ parameters }: TemplateValues): Record<string, string | number> {
  const filled = Object.entries(parameters).flatMap(([name, value]): [string, string | number][] => {
    const given = typeof value === "string" ? value.trim() : value;
    return given === null || given === "" ? [] : [[name, given]];
  });
  return Object.fromEntries(filled);
}
