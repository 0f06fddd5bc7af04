// Generates the database client from prisma/schema.prisma, unless it is up to date. Needs no network: the generator
// asks for a migration engine it never runs, so any executable satisfies it.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { childEnv } from "#scripts/env.ts";
import { projectRoot } from "#scripts/project-root.ts";
import { failPlainly, PlainError } from "#scripts/terminal.ts";

const schemaFile = path.join(projectRoot, "prisma/schema.prisma");
const stampFile = path.join(projectRoot, "prisma/generated/.schema-hash");

/** Runs `prisma generate` when the schema or Prisma has changed since the last time. Returns whether it ran. */
export async function generateClient(): Promise<boolean> {
  const hash = schemaHash();
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === hash) return false;
  const cli = path.join(projectRoot, "node_modules/prisma/build/index.js");
  try {
    await promisify(execFile)(process.execPath, [cli, "generate", `--schema=${schemaFile}`, "--no-hints"], {
      cwd: projectRoot,
      env: childEnv({
        PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
        PRISMA_HIDE_UPDATE_MESSAGE: "1",
        CHECKPOINT_DISABLE: "1",
      }),
      timeout: 120_000,
    });
  } catch (error) {
    throw new PlainError(`The database client could not be generated: ${outputOf(error)}`);
  }
  writeFileSync(stampFile, hash);
  return true;
}

function schemaHash(): string {
  const hash = createHash("sha256").update(readFileSync(schemaFile));
  return hash.update(readFileSync(path.join(projectRoot, "node_modules/prisma/package.json"))).digest("hex");
}

function outputOf(error: unknown): string {
  if (typeof error === "object" && error && "stderr" in error && "stdout" in error) {
    return `\n${error.stdout}${error.stderr}`;
  }
  return String(error);
}

if (import.meta.main) {
  generateClient().then((ran) => console.log(ran ? "Generated." : "Up to date."), failPlainly);
}
