import { Prisma } from "#prisma/generated/client.ts";
import type { Tx } from "../../db/client.ts";
import type { Context } from "../context.ts";
import { newId } from "../new-id.ts";
import type { RolloutEventKind, RolloutFigures } from "./schemas.ts";

interface Told {
  kind: RolloutEventKind;
  detail: string;
  figures?: RolloutFigures;
  nodeId?: string;
}

/** Adds to a rollout's story, in the transaction of what it tells. */
export async function tell(ctx: Context & { tx: Tx }, rolloutId: string, told: Told): Promise<void> {
  const { kind, id, name } = ctx.actor;
  await ctx.tx.rolloutEvent.create({
    data: {
      id: newId("roe"),
      rolloutId,
      at: ctx.now(),
      kind: told.kind,
      actorKind: kind,
      actorId: id,
      actorName: name,
      detail: told.detail,
      nodeId: told.nodeId ?? null,
      figures: told.figures ?? Prisma.DbNull,
    },
  });
}
