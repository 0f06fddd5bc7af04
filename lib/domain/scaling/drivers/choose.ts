import type { Context } from "../../context.ts";
import { NodeGroupDriver } from "../../node-group/schemas.ts";
import { nodesByGroup } from "../../node-group/view.ts";
import { openWebhookSecret } from "../../node-group/webhook-secret.ts";
import { inTransaction } from "../../transaction.ts";
import { DriverFailed, type DriverFindings, type ScalingDriver } from "./driver.ts";
import { readReplicas, writeReplicas } from "./kubernetes.ts";
import { localFindings } from "./local.ts";
import { postOrder } from "./webhook.ts";

/** A group as its row says who scales it. */
export interface ScaledGroup {
  readonly id: string;
  readonly name: string;
  readonly driver: unknown;
  readonly sealedSecret: Uint8Array | null;
  readonly wantedNodes: number | null;
  /** Whom the local driver scaled last. */
  readonly supervisor: string | null;
}

/** The driver of a group. */
export function driverOf(ctx: Context, group: ScaledGroup): ScalingDriver {
  const driver = NodeGroupDriver.parse(group.driver);
  switch (driver.kind) {
    case "none":
      return nobody;
    case "local":
      return {
        list: () => inTransaction(ctx, (tx) => localFindings(tx, group, ctx.now())),
        // The supervisor hears of it with the next answer to one of its nodes' reports.
        scale: async () => {},
      };
    case "kubernetes":
      return {
        list: async () => ({ ...(await ownReports(ctx, group)), nodes: await readReplicas(driver) }),
        scale: ({ toNodes }) => writeReplicas(driver, toNodes),
      };
    case "webhook":
      return {
        list: async () => {
          const found = await ownReports(ctx, group);
          return { ...found, nodes: group.wantedNodes ?? found.reports.length };
        },
        scale: async (order) => postOrder({ ...driver, secret: secretOf(group) }, order, ctx.now()),
      };
  }
}

const nobody: ScalingDriver = {
  list: () => Promise.reject(new DriverFailed("This group has no driver.")),
  scale: () => Promise.reject(new DriverFailed("This group has no driver.")),
};

function secretOf({ id, sealedSecret }: ScaledGroup): string {
  if (sealedSecret === null) throw new DriverFailed("The webhook has no secret to sign with.");
  return openWebhookSecret(id, sealedSecret);
}

async function ownReports(ctx: Context, { name }: ScaledGroup): Promise<Omit<DriverFindings, "nodes">> {
  const nodes = await inTransaction(ctx, (tx) => nodesByGroup(tx, [name], ctx.now()));
  return { nodesMax: null, reports: nodes.get(name)?.reports ?? [], supervisor: null };
}
