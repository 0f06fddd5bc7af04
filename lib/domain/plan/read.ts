import { notFound } from "../errors.ts";
import { IdInput } from "../id-input.ts";
import { PageInput, pageQuery, toPage } from "../page.ts";
import { query } from "../verb.ts";
import { PlanPage, PlanView } from "./schemas.ts";
import { consumersByPlan, planView } from "./view.ts";

/** One plan as the draft has it. 404. */
export const getPlan = query({
  name: "plan.get",
  permission: "plan.read",
  input: IdInput,
  output: PlanView,
  async run(ctx, { id }) {
    const row = await ctx.tx.plan.findUnique({ where: { id } });
    if (!row) throw notFound("plan");
    const consumers = await consumersByPlan(ctx.tx, [id]);
    return planView(row, consumers.get(id) ?? 0);
  },
});

/** The plans of the draft, newest first. */
export const listPlans = query({
  name: "plan.list",
  permission: "plan.read",
  input: PageInput,
  output: PlanPage,
  async run(ctx, input) {
    const page = pageQuery(input);
    const named = input.q === undefined ? {} : { name: { contains: input.q, mode: "insensitive" as const } };
    const rows = await ctx.tx.plan.findMany({ ...page, where: { ...page.where, ...named } });
    const consumers = await consumersByPlan(
      ctx.tx,
      rows.map((row) => row.id),
    );
    return toPage(rows, input.limit, (row) => planView(row, consumers.get(row.id) ?? 0));
  },
});
