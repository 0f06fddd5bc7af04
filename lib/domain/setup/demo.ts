import { issueApiKey } from "../api-key/index.ts";
import { createConsumer } from "../consumer/index.ts";
import type { Context } from "../context.ts";
import { createPlan } from "../plan/index.ts";
import { publishRevision } from "../revision/index.ts";
import { createRoute } from "../route/index.ts";
import { createTeam } from "../team/index.ts";
import { createUpstream } from "../upstream/index.ts";

type Inside = Context & { tx: NonNullable<Context["tx"]> };

/** The demo upstream takes any key; a real-looking one would only confuse secret scanners. */
const DEMO_UPSTREAM_SECRET = "demo-upstream-key";

/**
 * A first working path: the built-in demo upstream, a route, a plan, a team with a consumer, published. Returns the
 * consumer's key. Made through the same verbs as everything else, so it is audited and can be changed or deleted.
 */
export async function setUpDemo(ctx: Inside, demoUrl: string): Promise<string> {
  const upstream = await createUpstream(ctx, {
    name: "demo",
    provider: "openai",
    baseUrl: `${demoUrl}/v1`,
    allowPrivateNetwork: true,
    credential: { kind: "apiKey", name: "demo", secret: DEMO_UPSTREAM_SECRET },
  });
  await ctx.tx.upstream.update({ where: { id: upstream.id }, data: { isDemo: true } });
  const targets = [{ upstreamId: upstream.id, model: "gpt-4o-mini" }];
  await createRoute(ctx, {
    name: "demo",
    description: "The built-in demo upstream: no real model answers here.",
    targets,
  });
  const plan = await createPlan(ctx, {
    name: "standard",
    description: "A first plan: every route, 600 calls a minute.",
    rateLimits: [{ metric: "requests", limit: 600, windowSeconds: 60 }],
    routes: ["*"],
  });
  await publishRevision(ctx, { note: "First revision: the demo route and the standard plan" });
  const team = await createTeam(ctx, { name: "Demo team" });
  const consumer = await createConsumer(ctx, { name: "demo-app", teamId: team.id, planId: plan.id });
  const key = await issueApiKey(ctx, { consumerId: consumer.id, name: "first key" });
  return key.secret;
}
