import type { Tx } from "../../db/client.ts";
import { DomainError, type FieldError } from "../errors.ts";
import type { TemplatePreview } from "./schemas.ts";
import type { Given, Made, PolicyTemplate } from "./template.ts";

type Resource = TemplatePreview["resources"][number];

/** What a template would make, by name. */
export function resourcesOf({ plans, routes }: Made): Resource[] {
  return [
    ...plans.map(({ name }) => ({ resource: "plan" as const, name })),
    ...routes.map(({ route }) => ({ resource: "route" as const, name: route.name })),
  ];
}

/** Those of them whose names the draft has already. */
export async function takenNames(tx: Tx, resources: Resource[]): Promise<Resource[]> {
  const named = (wanted: Resource["resource"]) =>
    resources.filter(({ resource }) => resource === wanted).map(({ name }) => name);
  const plans = await tx.plan.findMany({ where: { name: { in: named("plan") } }, select: { name: true } });
  const routes = await tx.route.findMany({ where: { name: { in: named("route") } }, select: { name: true } });
  const taken = { plan: new Set(plans.map(({ name }) => name)), route: new Set(routes.map(({ name }) => name)) };
  return resources.filter(({ resource, name }) => taken[resource].has(name));
}

/** Throws 409 that names everything which is there already: a template never changes it. */
export function refuseTaken(template: PolicyTemplate, taken: Resource[]): void {
  if (taken.length === 0) return;
  const errors = taken.map(({ resource, name }): FieldError => {
    const parameter = template.parameters.find(({ kind }) => kind === `${resource}Name`);
    const detail = `The draft has a ${resource} named “${name}” already. A template changes nothing that is there: choose another name.`;
    return { pointer: `/parameters/${parameter?.name ?? ""}`, code: "name_taken", detail };
  });
  const names = taken.map(({ resource, name }) => `${resource} “${name}”`).join(", ");
  throw new DomainError("name_taken", `These are there already: ${names}. Nothing was changed.`, errors);
}

/** The names of the upstreams that were given. 422 for one that is not in the draft. */
export async function givenUpstreams(
  tx: Tx,
  { parameters }: PolicyTemplate,
  given: Given,
): Promise<Map<string, string>> {
  const asked = parameters
    .filter(({ kind }) => kind === "upstream")
    .map(({ name }) => ({ name, id: String(given[name]) }));
  const rows = await tx.upstream.findMany({
    where: { id: { in: asked.map(({ id }) => id) } },
    select: { id: true, name: true },
  });
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  const errors = asked
    .filter(({ id }) => !names.has(id))
    .map(({ name }): FieldError => {
      const detail = "There is no such upstream in the draft. Choose one of it.";
      return { pointer: `/parameters/${name}`, code: "unknown_upstream", detail };
    });
  if (errors.length > 0) throw new DomainError("invalid_request", "An upstream is not in the draft.", errors);
  return names;
}
