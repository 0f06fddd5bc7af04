// Prisma's official migration engine, compiled to WebAssembly: it needs no binary from another host, and it keeps the
// standard _prisma_migrations table, so that `prisma migrate deploy` works on the same database elsewhere.

import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory, DriverAdapterError } from "@prisma/driver-adapter-utils";
import type { MigrationList, SchemaEngine, SchemaFilter } from "@prisma/schema-engine-wasm";
import * as engineModule from "@prisma/schema-engine-wasm/schema_engine_bg";
import pg from "pg";
import { projectRoot } from "#scripts/project-root.ts";

/** Nothing in the database is hidden from the engine. */
export const wholeDatabase: SchemaFilter = { externalTables: [], externalEnums: [] };

/** The Prisma schema of this repository: its path, and its text. */
export function readSchema(schemaFile = path.join(projectRoot, "prisma/schema.prisma")): {
  path: string;
  text: string;
} {
  return { path: schemaFile, text: readFileSync(schemaFile, "utf8") };
}

/** The migrations of a folder (`<name>/migration.sql`), in order, as the engine wants to be told of them. */
export function readMigrations(folder = path.join(projectRoot, "prisma/migrations")): MigrationList {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  return {
    baseDir: folder,
    lockfile: { path: "./migration_lock.toml", content: 'provider = "postgresql"\n' },
    shadowDbInitScript: "",
    migrationDirectories: names.map((name) => ({
      path: name,
      migrationFile: {
        path: "migration.sql",
        content: { tag: "ok", value: readFileSync(path.join(folder, name, "migration.sql"), "utf8") },
      },
    })),
  };
}

/** Opens the engine on a pool, which stays the caller's to end, as the engine stays the caller's to free. */
export async function openSchemaEngine(pool: pg.Pool, schema = readSchema()): Promise<SchemaEngine> {
  loadEngine();
  const adapter = bindMigrationAwareSqlAdapterFactory(new WholeScriptAdapter(pool));
  return engineModule.SchemaEngine.new({ datamodels: [[schema.path, schema.text]] }, () => {}, adapter);
}

// Prisma's adapter splits a script at each semicolon, which tears function bodies and comments apart. The server takes
// a script whole, and then runs it in one transaction: a migration applies entirely or not at all.
class WholeScriptAdapter extends PrismaPg {
  override async connect() {
    const adapter = await super.connect();
    adapter.executeScript = async (script) => {
      await adapter.underlyingDriver().query(script).catch(throwForEngine);
    };
    return adapter;
  }
}

function throwForEngine(error: unknown): never {
  if (!(error instanceof pg.DatabaseError)) throw error;
  const { code = "XX000", severity = "ERROR", message, detail, column, hint } = error;
  throw new DriverAdapterError({ kind: "postgres", code, severity, message, detail, column, hint });
}

let isLoaded = false;

function loadEngine(): void {
  if (isLoaded) return;
  const wasmFile = path.join(
    path.dirname(createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm")),
    "schema_engine_bg.wasm",
  );
  const instance = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(wasmFile)), {
    "./schema_engine_bg.js": engineModule,
  });
  engineModule.__wbg_set_wasm(instance.exports);
  startEngine(instance.exports);
  isLoaded = true;
}

function startEngine(exports: WebAssembly.Exports): void {
  const start = exports.__wbindgen_start;
  if (typeof start !== "function") throw new Error("The migration engine has no start function.");
  start();
}
