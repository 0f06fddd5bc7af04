import type { z } from "zod";
import type { PlanRateLimit } from "#lib/contract/rate-limit.ts";
import type { Context } from "#lib/domain/context.ts";
import { createPlan, updatePlan } from "#lib/domain/plan/index.ts";
import { publishRevision } from "#lib/domain/revision/index.ts";
import { createRoute, createVersion, updateRoute, updateVersion } from "#lib/domain/route/index.ts";
import { createUpstream } from "#lib/domain/upstream/index.ts";
import type { PlanName } from "./cast.ts";
import { DAY_MS } from "./rhythm.ts";
import type { Stage } from "./stage.ts";

/** A plan per tier. */
const PLANS: Record<
  PlanName,
  {
    description: string;
    limits: [limit: number, windowSeconds: number][];
    more?: readonly z.input<typeof PlanRateLimit>[];
    routes: string[];
  }
> = {
  free: {
    description: "To try things out: the safe default route, slowly.",
    limits: [
      [20, 60],
      [500, 86_400],
    ],
    routes: ["default"],
  },
  team: {
    description: "One team's internal tools.",
    limits: [[120, 60]],
    routes: ["default", "fast", "smart", "embed"],
  },
  business: {
    description: "Products with users.",
    limits: [[600, 60]],
    // Watched before it is enforced.
    more: [{ metric: "tokens", limit: 400_000, windowSeconds: 60, per: "key", mode: "shadow" }],
    routes: ["default", "fast", "smart", "embed"],
  },
  enterprise: {
    description: "What customers wait for: every route, room for peaks.",
    limits: [
      [3_000, 60],
      [150, 1],
    ],
    more: [{ metric: "concurrency", limit: 200 }],
    routes: ["*"],
  },
};

const limitsOf = (limits: [number, number][]) =>
  limits.map(([limit, windowSeconds]) => ({ metric: "requests" as const, limit, windowSeconds }));

/** Three upstreams. Where the built-in demo upstream is there, they are it under other names, so that every call works. */
async function makeUpstreams(stage: Stage, ctx: Context): Promise<Record<"eu" | "us" | "batch", string>> {
  const demo = await stage.tx.upstream.findFirst({ where: { isDemo: true } });
  const make = async (name: string) => {
    const upstream = await createUpstream(ctx, {
      name,
      provider: "openai",
      baseUrl: demo?.baseUrl ?? `https://${name}.example.com/v1`,
      allowPrivateNetwork: demo?.allowPrivateNetwork ?? false,
      credential: { kind: "apiKey", name: "primary", secret: "demo-upstream-key" },
    });
    if (demo) await stage.tx.upstream.update({ where: { id: upstream.id }, data: { isDemo: true } });
    return upstream.id;
  };
  return { eu: await make("openai-eu"), us: await make("openai-us"), batch: await make("openai-batch") };
}

/** The policy as it grew over three months: each step is an act of a person, published with a note; the last edit waits in the draft. */
export async function makePolicy(stage: Stage): Promise<void> {
  const priya = stage.as("Priya Nair", 89);
  const ups = await makeUpstreams(stage, priya);
  const eu = (model: string, weight = 1) => ({ upstreamId: ups.eu, model, weight });
  const us = (model: string, weight = 1) => ({ upstreamId: ups.us, model, weight });
  for (const [name, plan] of Object.entries(PLANS))
    await createPlan(priya, {
      name,
      description: plan.description,
      rateLimits: [...limitsOf(plan.limits), ...(plan.more ?? [])],
      routes: plan.routes,
    });
  await createRoute(priya, {
    name: "default",
    description: "The safe choice: a small model, short timeouts, one retry elsewhere.",
    strategy: "round_robin",
    targets: [eu("gpt-4o-mini"), us("gpt-4o-mini")],
    retry: { attempts: 2 },
    timeouts: { firstByteMs: 15_000, totalMs: 60_000 },
  });
  const smart = await createRoute(priya, {
    name: "smart",
    description: "The best answer we can buy.",
    targets: [eu("gpt-4o")],
  });
  const fast = await createRoute(priya, {
    name: "fast",
    description: "Short answers at once.",
    strategy: "round_robin",
    targets: [eu("gpt-4o-mini"), us("gpt-4o-mini")],
  });
  await createRoute(priya, {
    name: "embed",
    description: "Vectors for search.",
    strategy: "weighted",
    targets: [{ upstreamId: ups.batch, model: "text-embedding-3-small", weight: 4 }, us("text-embedding-3-small")],
  });
  await publishRevision(priya, { note: "A plan for each tier and the first four routes" });

  const mateo = stage.as("Mateo Alvarez", 55);
  const shared = { id: smart.id, version: "1.1.0", strategy: "weighted" as const, retry: { attempts: 3 } };
  await createVersion(mateo, { ...shared, targets: [eu("gpt-4o", 3), us("gpt-4o", 1)] });
  await updateRoute(mateo, { id: smart.id, patch: { defaultVersion: "1.1.0" } });
  await publishRevision(mateo, {
    note: "smart 1.1.0: a quarter of the calls goes to the US, so that EU outages hurt less",
  });

  const lin = stage.as("Lin Zhao", 34);
  await createVersion(lin, { id: fast.id, version: "1.1.0", targets: [eu("gpt-4.1-mini"), us("gpt-4.1-mini")] });
  await updateRoute(lin, { id: fast.id, patch: { defaultVersion: "1.1.0" } });
  await publishRevision(lin, { note: "fast 1.1.0: gpt-4.1-mini, measured 20 % better on triage" });

  const again = stage.as("Mateo Alvarez", 21);
  await createVersion(again, { ...shared, version: "2.0.0", targets: [eu("gpt-4.1", 3), us("gpt-4.1", 2)] });
  await updateRoute(again, { id: smart.id, patch: { defaultVersion: "2.0.0" } });
  const sunsetAt = new Date(stage.nowMs + 24 * DAY_MS).toISOString();
  const patch = { status: "deprecated", deprecatedAt: again.now().toISOString(), sunsetAt, successor: "2.0.0" };
  await updateVersion(again, { id: smart.id, version: "1.0.0", patch });
  await publishRevision(again, { note: "smart 2.0.0 is the default; 1.0.0 ends next month" });

  const jonas = stage.as("Jonas Weber", 6);
  const team = await stage.tx.plan.findUniqueOrThrow({ where: { name: "team" } });
  await updatePlan(jonas, { id: team.id, patch: { rateLimits: limitsOf([[180, 60]]) } });
  await publishRevision(jonas, { note: "team: 180 a minute, three consumers met the old limit every Monday" });

  const freya = stage.as("Freya Lindqvist", 0.1);
  const business = await stage.tx.plan.findUniqueOrThrow({ where: { name: "business" } });
  await updatePlan(freya, {
    id: business.id,
    patch: { rateLimits: [...limitsOf([[900, 60]]), ...(PLANS.business.more ?? [])] },
  });
}
