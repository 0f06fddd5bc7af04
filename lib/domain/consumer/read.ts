import { notFound } from "../errors.ts";
import { IdInput } from "../id-input.ts";
import { pageQuery, toPage } from "../page.ts";
import { query } from "../verb.ts";
import { activePlanNames } from "./plan-choice.ts";
import { ConsumerListInput, ConsumerPage, ConsumerView } from "./schemas.ts";
import { CONSUMER_PARTS, consumerView } from "./view.ts";

/** One consumer. 404. */
export const getConsumer = query({
  name: "consumer.get",
  permission: "consumer.read",
  input: IdInput,
  output: ConsumerView,
  async run(ctx, { id }) {
    const row = await ctx.tx.consumer.findUnique({ where: { id }, include: CONSUMER_PARTS });
    if (!row) throw notFound("consumer");
    return consumerView(row, await activePlanNames(ctx.tx));
  },
});

/** The consumers the caller reaches, newest first. */
export const listConsumers = query({
  name: "consumer.list",
  permission: "consumer.read",
  input: ConsumerListInput,
  output: ConsumerPage,
  async run(ctx, input) {
    const page = pageQuery(input);
    const where = {
      ...page.where,
      ...(input.q === undefined ? {} : { name: { contains: input.q, mode: "insensitive" as const } }),
      ...(input.teamId === undefined ? {} : { teamId: input.teamId }),
      ...(input.planId === undefined ? {} : { planId: input.planId }),
    };
    const rows = await ctx.tx.consumer.findMany({ ...page, where, include: CONSUMER_PARTS });
    const planNames = await activePlanNames(ctx.tx);
    return toPage(rows, input.limit, (row) => consumerView(row, planNames));
  },
});
