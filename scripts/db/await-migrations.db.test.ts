import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "#e2e/support/test-database.ts";
import { awaitMigrations } from "./await-migrations.ts";

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.remove());

it("takes a database that this release has migrated", async () => {
  expect(await awaitMigrations(test.url, 0)).toEqual([]);
});

it("takes one that a newer release has migrated since, and names what is not its own", async () => {
  await test.owner.query(
    `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
     VALUES ('newer', '', '29991231000000_of_a_newer_release', now(), 1)`,
  );
  expect(await awaitMigrations(test.url, 0)).toEqual(["29991231000000_of_a_newer_release"]);
});

it("waits for what is missing, and in the end says it", async () => {
  const name = "20261124000700_route_use";
  const finish = (at: string) =>
    test.owner.query(`UPDATE _prisma_migrations SET finished_at = ${at} WHERE migration_name = '${name}'`);
  await finish("NULL");
  await expect(awaitMigrations(test.url, 0)).rejects.toThrow(`The database lacks ${name}: run`);
  const waiting = awaitMigrations(test.url, 10_000);
  await finish("now()");
  await expect(waiting).resolves.toHaveLength(1);
});

it("says why a database cannot be read, without its password", async () => {
  const url = new URL(test.url);
  url.pathname = "/nothing_here";
  const refusal = await awaitMigrations(url.href, 0).catch((error: Error) => error.message);
  expect(refusal).toContain("cannot be read");
  expect(refusal).not.toContain(url.password);
});
