import { type Command, DONE, print } from "#cli/command.ts";
import { declarationSchema } from "#cli/declaration-schema.ts";

export const schema: Command = {
  name: "schema",
  summary: "Print the declaration's JSON Schema, for editors",
  options: {},
  async run() {
    await print(declarationSchema());
    return DONE;
  },
};
