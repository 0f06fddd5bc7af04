import { z } from "zod";
import { Declaration } from "#lib/domain/declaration/schemas.ts";

/** The JSON Schema (2020-12) of a declaration as text: what `schemas/turnpike.schema.json` holds. */
export function declarationSchema(): string {
  const schema = z.toJSONSchema(Declaration, { io: "input", unrepresentable: "any" });
  const { $schema, ...rest } = schema;
  const title = "Turnpike declaration";
  return `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`;
}
