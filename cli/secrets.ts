import { readFileSync } from "node:fs";
import path from "node:path";
import type { Declaration } from "#lib/domain/declaration/schemas.ts";
import { ambientEnv } from "#scripts/env.ts";

/** What a declaration's references stand for, and those that stand for nothing here. */
export interface ResolvedSecrets {
  secrets: Record<string, string>;
  missing: { reference: string; reason: string }[];
}

/** Looks the secrets of a declaration up: `env:NAME` in the environment, `file:path` from the declaration's folder. */
export function resolveSecrets(
  declaration: Declaration,
  declarationFile: string,
  environment: Record<string, string | undefined> = ambientEnv(),
): ResolvedSecrets {
  const references = Object.values(declaration.upstreams).flatMap(({ credentials }) =>
    Object.values(credentials).map(({ secret }) => secret),
  );
  const secrets: Record<string, string> = {};
  const missing: ResolvedSecrets["missing"] = [];
  for (const reference of new Set(references)) {
    const found = lookUp(reference, path.dirname(path.resolve(declarationFile)), environment);
    if ("secret" in found) secrets[reference] = found.secret;
    else missing.push({ reference, reason: found.reason });
  }
  return { secrets, missing };
}

function lookUp(
  reference: string,
  folder: string,
  environment: Record<string, string | undefined>,
): { secret: string } | { reason: string } {
  const [kind, rest] = [reference.slice(0, reference.indexOf(":")), reference.slice(reference.indexOf(":") + 1)];
  if (kind === "env") {
    const secret = environment[rest];
    return secret === undefined ? { reason: "is not set" } : { secret };
  }
  try {
    const secret = readFileSync(path.resolve(folder, rest), "utf8").replace(/\r?\n$/, "");
    return secret === "" ? { reason: "is empty" } : { secret };
  } catch {
    return { reason: "cannot be read" };
  }
}
