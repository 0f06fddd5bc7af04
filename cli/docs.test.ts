import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { declaredThings } from "#lib/domain/declaration/declared.ts";
import { Declaration } from "#lib/domain/declaration/schemas.ts";
import { projectRoot } from "#scripts/project-root.ts";

it("documents a declaration that is one, and a workflow that can be read", () => {
  const text = readFileSync(path.join(projectRoot, "docs/as-code.md"), "utf8");
  const [declaration, workflow] = [...text.matchAll(/```yaml\n(.*?)```/gs)].map(([, block]) => parse(block ?? ""));
  const things = declaredThings(Declaration.parse(declaration));
  expect(things.map(({ kind, key }) => `${kind} ${key}`)).toContain("routeVersion smart@2.0.0");
  expect(Object.keys(workflow.jobs)).toEqual(["turnpike"]);
});
