// `npm run docs:schema`: writes the declaration's JSON Schema that editors are given.

import { writeFileSync } from "node:fs";
import path from "node:path";
import { declarationSchema } from "#cli/declaration-schema.ts";
import { projectRoot } from "#scripts/project-root.ts";

writeFileSync(path.join(projectRoot, "schemas/turnpike.schema.json"), declarationSchema());
