import { z } from "zod";
import { canonicalJson } from "../../contract/canonical.ts";
import { DomainError } from "../errors.ts";
import { query } from "../verb.ts";
import { ownedThings } from "./plan-of.ts";
import { PEOPLE_MAX, readPresent } from "./present.ts";
import {
  DeclaredConsumer,
  DeclaredPlan,
  DeclaredPrice,
  DeclaredRoute,
  DeclaredUpstream,
  DeclaredVersion,
  ExportedDeclaration,
  ExportInput,
  variableName,
} from "./schemas.ts";
import type { Fields, PresentThing } from "./thing.ts";

/**
 * What the installation has, as a declaration that would make it: the draft's policy, teams and consumers. What is as by
 * default is left out, keys are never in it, and secrets are references by the names of their upstreams. 422 beyond 5,000
 * teams or consumers.
 */
export const exportDeclaration = query({
  name: "declaration.export",
  permission: "declaration.read",
  input: ExportInput,
  output: ExportedDeclaration,
  async run({ tx }, { name, owned }) {
    const { things } = await readPresent(tx, { teamNames: [], consumerKeys: [], ownedIds: [], everybody: true });
    const ids = new Set((await ownedThings(tx, name)).map(({ id }) => id));
    const chosen = owned === "true" ? things.filter(({ id }) => ids.has(id)) : things;
    const of = (kind: PresentThing["kind"]) => chosen.filter((thing) => thing.kind === kind);
    for (const kind of ["team", "consumer"] as const) {
      if (of(kind).length > PEOPLE_MAX)
        throw new DomainError("not_supported", `A declaration holds at most ${PEOPLE_MAX} ${kind}s.`);
    }
    return {
      turnpike: 1 as const,
      name,
      ...whereAny({
        teams: of("team").map(({ key }) => key),
        upstreams: Object.fromEntries(of("upstream").map((thing) => [thing.key, upstream(thing, of("credential"))])),
        plans: Object.fromEntries(of("plan").map(({ key, fields }) => [key, brief(DeclaredPlan, unnamed(fields))])),
        routes: Object.fromEntries(of("route").map((thing) => [thing.key, route(thing, of("routeVersion"))])),
        prices: of("price").map(({ key, fields }) => {
          const [provider = "", ...model] = key.split("/");
          return brief(DeclaredPrice, { provider, model: model.join("/"), ...Object(fields.price) });
        }),
        consumers: of("consumer").map(({ key, fields }) => {
          const team = key.slice(0, -String(fields.name).length - 1);
          return brief(DeclaredConsumer, { team, ...fields });
        }),
      }),
    };
  },
});

function whereAny(parts: Record<string, object>): Record<string, object> {
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => Object.keys(part).length > 0));
}

function unnamed({ name: _key, ...fields }: Fields): Fields {
  return fields;
}

function upstream({ key, fields }: PresentThing, credentials: PresentThing[]): Fields {
  const own = credentials.filter((each) => each.key === `${key}/${each.fields.name}`);
  const entries = own.map((each) => {
    const label = String(each.fields.name);
    return [label, { kind: each.fields.kind, secret: `env:${variableName(key, label)}` }];
  });
  const declared = brief(DeclaredUpstream, unnamed(fields));
  return entries.length === 0 ? declared : { ...declared, credentials: Object.fromEntries(entries) };
}

function route({ key, fields }: PresentThing, versions: PresentThing[]): Fields {
  const own = versions.filter((each) => each.key.slice(0, each.key.lastIndexOf("@")) === key);
  const entries = own.map((each) => [each.key.slice(key.length + 1), brief(DeclaredVersion, each.fields)]);
  const { defaultVersion, ...rest } = brief(DeclaredRoute, unnamed(fields));
  const chosen = own.length > 1 ? { defaultVersion } : {};
  return { ...rest, ...chosen, versions: Object.fromEntries(entries) };
}

/** The members that are not as they would be if they were left out. */
function brief(schema: z.ZodObject, fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => {
      const member = schema.shape[name];
      const unsaid = member === undefined ? undefined : memberDefault(member);
      return unsaid === undefined || canonicalJson(unsaid) !== canonicalJson(value ?? null);
    }),
  );
}

/** What a member is when it is left out; undefined where it has to be said. */
function memberDefault(member: z.core.$ZodType): unknown {
  const parsed = z.safeParse(member, undefined);
  return parsed.success && parsed.data !== undefined ? JSON.parse(JSON.stringify(parsed.data)) : undefined;
}
