import { stringify } from "yaml";

/** Where editors find the schema, from a file beside the repository's `schemas` folder or with the path changed. */
const SCHEMA_COMMENT = "# yaml-language-server: $schema=./schemas/turnpike.schema.json\n";

/** A declaration as YAML, with the line by which editors know its schema. `above`: further lines of comment. */
export function toYaml(declaration: object, above: readonly string[] = []): string {
  const comments = above.map((line) => `# ${line}`.trimEnd()).join("\n");
  return `${SCHEMA_COMMENT}${comments === "" ? "" : `${comments}\n`}${stringify(declaration, { lineWidth: 120 })}`;
}
