import { writeFileSync } from "node:fs";
import { z } from "zod";
import { ask } from "#cli/api.ts";
import { type Command, DONE, print } from "#cli/command.ts";
import { apiSettings } from "#cli/settings.ts";
import { toYaml } from "#cli/to-yaml.ts";

export const exportCommand: Command = {
  name: "export",
  summary: "Write what the installation has as a declaration",
  notes:
    "The draft's policy, teams and consumers. Keys are not in it, and secrets are references (env:NAME) to fill in.",
  options: {
    name: { takes: "name", help: "The declaration's name (exported)" },
    owned: { help: "Only what the declaration of that name owns" },
    output: { takes: "path", short: "o", help: "Where to write it, instead of to the terminal" },
    json: { help: "JSON instead of YAML" },
  },
  async run(given) {
    const query = new URLSearchParams({ name: given.text("name") ?? "exported", owned: String(given.isOn("owned")) });
    const answer = z.record(z.string(), z.unknown());
    const value = await ask(apiSettings(), { method: "GET", path: `/declarations/export?${query}` }, answer);
    const text = given.isOn("json") ? `${JSON.stringify(value, null, 2)}\n` : toYaml(value);
    const output = given.text("output");
    if (output === undefined) await print(text);
    else writeFileSync(output, text);
    return DONE;
  },
};
