import { ROLE_PERMISSIONS } from "#lib/contract/permissions.ts";
import type { Database, Tx } from "#lib/db/client.ts";
import { type Context, systemContext } from "#lib/domain/context.ts";
import { newId } from "#lib/domain/new-id.ts";
import { emailOf, MEMBERS, NODES, PERSONAS, TEAMS } from "./cast.ts";
import { makeDirectory, makeNodes, makeStaff } from "./directory.ts";
import { makePolicy } from "./policy.ts";
import { DAY_MS } from "./rhythm.ts";
import type { Stage } from "./stage.ts";
import { type UsagePlan, WHOLE_USAGE, writeUsage } from "./usage.ts";

export interface SeedReport {
  /** False when everything was there already. */
  isFresh: boolean;
  lines: string[];
}

const TRANSACTION_MAX_MS = 300_000;
const BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";

/**
 * An organisation that has used Turnpike for three months. Everything is made by the verbs, as the people of the cast,
 * in one transaction: a second run finds it and changes nothing. Throws when no installation has been made yet.
 */
export async function seedDemo(
  database: Database,
  now: Date,
  plan: UsagePlan = WHOLE_USAGE,
  say: (line: string) => void = () => {},
): Promise<SeedReport> {
  return database.$transaction(
    async (tx) => {
      await tx.$queryRaw`SELECT set_config('turnpike.scope', 'organisation', true)`;
      // One seed at a time; a second one waits here and then finds everything.
      await tx.$queryRaw`SELECT pg_advisory_xact_lock(7185203313)::text`;
      if ((await tx.installation.count()) === 0) throw new NotInstalled();
      if ((await tx.node.count({ where: { name: NODES[0]?.name ?? "" } })) > 0)
        return { isFresh: false, lines: ["The demo is here already; nothing was changed."] };
      const stage = stageOf(database, tx, now);
      await makeStaff(stage);
      await refreshCast(stage);
      await makePolicy(stage);
      await makeDirectory(stage);
      await makeNodes(stage);
      say(`${TEAMS.length} teams, ${PERSONAS.length} consumers, ${MEMBERS.length} members`);
      const { summed, single } = await writeUsage(stage, plan);
      return {
        isFresh: true,
        lines: [`${summed + single} calls over ${plan.days} days, ${single} of them one by one`],
      };
    },
    { timeout: TRANSACTION_MAX_MS, maxWait: 10_000 },
  );
}

/** The database is empty: the first start makes the organisation, its keys and the first admin. */
export class NotInstalled extends Error {}

interface CastStage extends Stage {
  people: Map<string, Context["actor"]>;
}

function stageOf(database: Database, tx: Tx, now: Date): CastStage {
  const nowMs = now.getTime();
  const people: CastStage["people"] = new Map();
  const system = { ...systemContext(database, newId("req"), () => now), tx };
  return {
    tx,
    nowMs,
    people,
    system,
    as(person, daysAgo) {
      const actor = people.get(person);
      if (!actor) throw new Error(`${person} is not in the cast`);
      const at = new Date(nowMs - daysAgo * DAY_MS);
      return { ...system, actor, requestId: newId("req"), address: "10.1.4.17", userAgent: BROWSER, now: () => at };
    },
  };
}

/** Looks the people up who act. */
async function refreshCast(stage: CastStage): Promise<void> {
  const users = new Map((await stage.tx.user.findMany()).map((user) => [user.email, user]));
  for (const { name, role } of MEMBERS) {
    const user = users.get(emailOf(name));
    const permissions = ROLE_PERMISSIONS[role];
    if (user) stage.people.set(name, { kind: "user", id: user.id, name, role, permissions, scope: "organisation" });
  }
}
