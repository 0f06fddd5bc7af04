import { type Command, DONE, print } from "#cli/command.ts";
import { FILE_OPTION } from "#cli/commands/plan.ts";
import { readDeclaration } from "#cli/declaration-file.ts";

export const check: Command = {
  name: "check",
  summary: "Check a declaration's form, without a control plane",
  options: FILE_OPTION,
  async run(given) {
    const { file, declaration } = readDeclaration(given.text("file") ?? "turnpike.yaml");
    await print(`${file} is a declaration ("${declaration.name}").`);
    return DONE;
  },
};
