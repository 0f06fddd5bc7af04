import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "#e2e/support/test-database.ts";
import { systemContext } from "../context.ts";
import { inTransaction } from "../transaction.ts";
import { bounded } from "./bounded.ts";

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.remove());

describe("bounded", () => {
  it("turns a statement that takes too long into a 422 with a remedy", async () => {
    const ctx = systemContext(test.database, "test");
    const slow = inTransaction(ctx, (tx) => bounded(tx, () => tx.$queryRaw`SELECT pg_sleep(10)::text`, 50));
    await expect(slow).rejects.toMatchObject({
      code: "invalid_request",
      message: expect.stringContaining("shorter time range"),
    });
  });

  it("leaves any other failure as it is", async () => {
    const ctx = systemContext(test.database, "test");
    const broken = inTransaction(ctx, (tx) => bounded(tx, () => tx.$queryRaw`SELECT 1 / 0`));
    await expect(broken).rejects.toMatchObject({ name: "PrismaClientKnownRequestError" });
  });
});
