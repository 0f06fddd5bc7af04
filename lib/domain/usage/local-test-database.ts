import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import pg from "pg";
import { openDatabase } from "../../db/client.ts";

const SERVER = "postgresql://postgres@127.0.0.1:54329";

export async function openTestDatabase() {
  const name = `usage_${randomBytes(6).toString("hex")}`;
  const admin = new pg.Client({ connectionString: `${SERVER}/postgres` });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name}`);
  const owner = new pg.Pool({ connectionString: `${SERVER}/${name}`, max: 4 });
  for (const folder of readdirSync("prisma/migrations").sort()) {
    if (folder.includes(".")) continue;
    await owner.query(readFileSync(`prisma/migrations/${folder}/migration.sql`, "utf8"));
  }
  owner.on("error", () => undefined);
  const database = openDatabase(`${SERVER}/${name}`, 12);
  return {
    database,
    owner,
    async close() {
      await database.$disconnect();
      await owner.end();
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.end();
    },
  };
}
