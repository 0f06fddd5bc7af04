import type { Tx } from "../../db/client.ts";
import type { Context } from "../context.ts";
import { createPlan } from "../plan/index.ts";
import { createRoute, createVersion, updateRoute, updateVersion } from "../route/index.ts";
import { mutation } from "../verb.ts";
import { templateWith } from "./catalogue.ts";
import { givenUpstreams, refuseTaken, resourcesOf, takenNames } from "./names.ts";
import { AppliedTemplate, TemplateInput } from "./schemas.ts";
import type { RouteToMake } from "./template.ts";

type Inside = Context & { tx: Tx };
const DAY_MS = 86_400_000;

/**
 * Puts what a template makes into the draft: all of it or nothing, each through its own verb with its own permission and
 * audit entry. Changes nothing that is there: 409 `name_taken` with which. 404, 422.
 */
export const applyTemplate = mutation({
  name: "policyTemplate.apply",
  permission: "plan.write",
  input: TemplateInput,
  output: AppliedTemplate,
  async run(ctx, { name, parameters }) {
    const { template, given } = templateWith(name, parameters);
    const upstreams = await givenUpstreams(ctx.tx, template, given);
    const made = template.make(given);
    refuseTaken(template, await takenNames(ctx.tx, resourcesOf(made)));
    // Nothing that is made here has a state that a caller could have seen.
    const inside: Inside = { ...ctx, ifMatch: undefined };
    const resources: AppliedTemplate["resources"] = [];
    for (const plan of made.plans) {
      const { id } = await createPlan(inside, plan);
      resources.push({ resource: "plan", id, name: plan.name });
    }
    for (const route of made.routes) {
      resources.push({ resource: "route", id: await makeRoute(inside, route), name: route.route.name });
    }
    const words = template.words(given, (id) => upstreams.get(id) ?? id);
    const after = { parameters: given, resources };
    const output = { template: name, words, resources };
    return { output, audit: { resource: "policyTemplate", id: name, name: template.title, after } };
  },
});

async function makeRoute(ctx: Inside, { route, newer }: RouteToMake): Promise<string> {
  const { id, defaultVersion } = await createRoute(ctx, route);
  if (newer === undefined) return id;
  const successor = newer.version.version;
  await createVersion(ctx, { ...newer.version, id });
  await updateRoute(ctx, { id, patch: { defaultVersion: successor } });
  const sunsetAt = new Date(ctx.now().getTime() + newer.sunsetDays * DAY_MS).toISOString();
  await updateVersion(ctx, { id, version: defaultVersion, patch: { status: "deprecated", sunsetAt, successor } });
  return id;
}
