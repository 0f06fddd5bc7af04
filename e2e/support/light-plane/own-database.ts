import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { startDemoUpstream } from "#demo/upstream/server.ts";
import { startEmbeddedPostgres } from "#scripts/db/embedded-postgres.ts";
import { generateClient } from "#scripts/db/generate.ts";
import { migrate } from "#scripts/db/migrate.ts";
import { type LightPlane, startLightPlane } from "./start.ts";

/** A light control plane with a PostgreSQL and a demo upstream of its own, and a folder for nodes. */
export interface OwnPlane extends LightPlane {
  databaseUrl: string;
  homeDir: string;
  /** Keeps the database as it is now, as a backup does. Nothing may be connected to it. */
  backUp(): Promise<void>;
  /** Puts the kept database in the present one's place. */
  restore(): Promise<void>;
}

/** Runs work with such a plane, and removes all of it afterwards. */
export async function withOwnPlane<T>(work: (plane: OwnPlane) => Promise<T>): Promise<T> {
  const homeDir = mkdtempSync(path.join(os.tmpdir(), "turnpike-plane-"));
  await generateClient();
  const postgres = await startEmbeddedPostgres({ homeDir, isThrowAway: true });
  const demo = await startDemoUpstream({ port: 0, host: "127.0.0.1" });
  let plane: LightPlane | null = null;
  try {
    await migrate(postgres.url);
    plane = await startLightPlane(postgres.url, demo.url);
    return await work({ ...plane, databaseUrl: postgres.url, homeDir, ...copies(postgres.url) });
  } finally {
    await plane?.kill();
    await demo.close();
    await postgres.stop();
    rmSync(homeDir, { recursive: true, force: true });
  }
}

function copies(databaseUrl: string): Pick<OwnPlane, "backUp" | "restore"> {
  const server = new URL(databaseUrl);
  const name = server.pathname.slice(1);
  server.pathname = "/template1";
  const run = async (...statements: string[]) => {
    const client = new pg.Client({ connectionString: server.href });
    await client.connect();
    try {
      for (const statement of statements) await client.query(statement);
    } finally {
      await client.end();
    }
  };
  return {
    backUp: () => run(`CREATE DATABASE "${name}_kept" TEMPLATE "${name}"`),
    restore: () => run(`DROP DATABASE "${name}" WITH (FORCE)`, `CREATE DATABASE "${name}" TEMPLATE "${name}_kept"`),
  };
}

/** Makes a token for one node. */
export async function joinToken({ api }: LightPlane): Promise<string> {
  return (await api.must("POST", "/join-tokens", { name: "test" })).secret;
}
