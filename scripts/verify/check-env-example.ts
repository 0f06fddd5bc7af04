// .env.example names every variable that any of our programs reads, and none that nobody reads.

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "#scripts/project-root.ts";

const schemaFiles = [
  "lib/env.ts",
  "gateway/env.ts",
  "demo/upstream/env.ts",
  "scripts/start/options.ts",
  "cli/settings.ts",
];
const exampleFile = path.join(projectRoot, ".env.example");

// Set by the supervisor for the programs it starts, never by a person.
const internal = new Set(["TURNPIKE_PARENT_PIPE", "DEMO_PARENT_PIPE", "TURNPIKE_SUPERVISOR"]);

/** Variables that are missing from the example, and those in it that no program knows. */
export function checkEnvExample(): string[] {
  const known = new Set(schemaFiles.flatMap(namesInSchema));
  const shown = new Set(namesInExample());
  return [
    ...[...known]
      .filter((name) => !shown.has(name) && !internal.has(name))
      .map((name) => `.env.example does not mention ${name}`),
    ...[...shown]
      .filter((name) => !known.has(name))
      .map((name) => `.env.example mentions ${name}, which no program reads`),
  ];
}

function namesInExample(): string[] {
  if (!existsSync(exampleFile)) return [];
  return [...readFileSync(exampleFile, "utf8").matchAll(/^#? ?([A-Z][A-Z0-9_]+)=/gm)].map((match) => match[1] ?? "");
}

// A schema's keys are the only upper-case object keys at the start of a line in those files; the demo upstream, which
// has no schema, reads `environment.NAME`.
function namesInSchema(file: string): string[] {
  const absolute = path.join(projectRoot, file);
  if (!existsSync(absolute)) return [];
  const text = readFileSync(absolute, "utf8");
  return [...text.matchAll(/^ {2}([A-Z][A-Z0-9_]+): |\benvironment\.([A-Z][A-Z0-9_]+)/gm)].map(
    (match) => match[1] ?? match[2] ?? "",
  );
}
