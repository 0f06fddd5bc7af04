import type { Context } from "../context.ts";
import { Observed } from "../node-group/observed.ts";
import { inTransaction } from "../transaction.ts";
import { driverOf } from "./drivers/choose.ts";
import { DriverFailed, type DriverFindings, type ScalingDriver } from "./drivers/driver.ts";
import { lookAgain, lookFailed } from "./look.ts";
import { orderFailed, orderTaken } from "./outcome.ts";

/**
 * One look at a group: what its driver has, what its nodes report, what follows from that, and the driver's doing it. The
 * caller holds the claim on the group. The driver is never asked inside a transaction. Throws what the database throws.
 */
export async function scaleGroup(ctx: Context, id: string): Promise<void> {
  const group = await inTransaction(ctx, (tx) =>
    tx.nodeGroup.findUnique({ where: { id }, omit: { sealedSecret: false } }),
  );
  if (!group || group.scaling === null) return;
  const supervisor = Observed.nullable().parse(group.observed)?.supervisor ?? null;
  const driver = driverOf(ctx, { ...group, supervisor });
  const found = await askDriver(driver);
  if (typeof found === "string") {
    await inTransaction(ctx, (tx) => lookFailed(tx, group, { problem: found, supervisor }, ctx.now()));
    return;
  }
  const order = await inTransaction(ctx, (tx) => lookAgain(tx, group, found, ctx.now()));
  if (order === null) return;
  const problem = await problemOf(driver.scale(order));
  await inTransaction(ctx, (tx) => {
    const inside = { ...ctx, tx };
    return problem === null ? orderTaken(inside, order) : orderFailed(inside, order, problem);
  });
}

async function askDriver(driver: ScalingDriver): Promise<DriverFindings | string> {
  try {
    return await driver.list();
  } catch (error) {
    if (error instanceof DriverFailed) return error.message;
    throw error;
  }
}

async function problemOf(work: Promise<void>): Promise<string | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (error instanceof DriverFailed) return error.message;
    throw error;
  }
}
