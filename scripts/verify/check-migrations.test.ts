import { describe, expect, it } from "vitest";
import { checkMigrations, migrationProblems } from "./check-migrations.ts";

describe("migrations run beside the release before", () => {
  it("finds nothing wrong with ours", () => {
    expect(checkMigrations()).toEqual([]);
  });

  it.each([
    'DROP TABLE "plan";',
    'ALTER TABLE "plan" DROP COLUMN "name";',
    'ALTER TABLE "plan" DROP "name";',
    'ALTER TABLE "plan" ADD COLUMN "a" TEXT, DROP COLUMN "b";',
    'ALTER TABLE "plan" RENAME COLUMN "a" TO "b";',
    "alter table plan rename to tier;",
    'ALTER TABLE "plan" ALTER COLUMN "a" SET NOT NULL;',
    'ALTER TABLE "plan" ALTER COLUMN "a" DROP NOT NULL;',
    'ALTER TABLE "plan" ALTER COLUMN "a" DROP DEFAULT;',
    'ALTER TABLE "plan" ALTER COLUMN "a" TYPE BIGINT;',
    'ALTER TABLE "plan" ALTER "a" SET DATA TYPE BIGINT;',
    `ALTER TYPE "state" ADD VALUE 'gone';`,
    'ALTER TABLE "plan" ADD COLUMN "a" TEXT NOT NULL;',
    `ALTER TABLE "plan" ADD COLUMN "a" TEXT NOT NULL DEFAULT '', ADD COLUMN "b" TEXT NOT NULL;`,
    'ALTER TABLE "plan" ADD CONSTRAINT "c" CHECK ("a" > 0);',
    'CREATE UNIQUE INDEX "u" ON "plan" ("a");',
    'TRUNCATE "plan";',
    'REVOKE SELECT ON "plan" FROM turnpike_app;',
    "DROP FUNCTION f(text);",
    '-- expand\nCREATE TABLE "other" ("id" TEXT NOT NULL); /* then */ DROP INDEX "i";',
  ])("refuses %s", (sql) => {
    expect(migrationProblems(sql)).toHaveLength(1);
  });

  it.each([
    'CREATE TABLE "tier" ("id" TEXT NOT NULL); CREATE UNIQUE INDEX "u" ON "tier" ("id"); ALTER TABLE "tier" ADD CONSTRAINT "c" CHECK (true);',
    `ALTER TABLE "plan" ADD COLUMN "a" TEXT NOT NULL DEFAULT 'RENAME; DROP TABLE "plan"';`,
    'ALTER TABLE "plan" ADD COLUMN "a" TEXT;',
    '-- DROP TABLE "plan";',
    `CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'x'; DROP TABLE "plan"; END $$;`,
    'CREATE INDEX "i" ON "plan" ("a"); GRANT SELECT ON "plan" TO turnpike_app;',
    `UPDATE "plan" SET "a" = 'it''s; TRUNCATE';`,
  ])("lets %s through", (sql) => {
    expect(migrationProblems(sql)).toEqual([]);
  });

  it("lets a contract step through that says why it is safe by now, and holds the reason to its own statement", () => {
    const marked = '-- contract: nobody has read it since 0.4.0\nALTER TABLE "plan" DROP COLUMN "a";';
    expect(migrationProblems(marked)).toEqual([]);
    expect(migrationProblems(`${marked}\nALTER TABLE "plan" DROP COLUMN "b";`)).toHaveLength(1);
    expect(migrationProblems('-- contract: ok\nDROP TABLE "plan";')).toEqual([expect.stringContaining("too little")]);
  });
});
