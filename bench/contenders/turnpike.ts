import { managementApi } from "#e2e/support/management-api.ts";
import { descendants } from "#e2e/support/processes.ts";
import { startTurnpike } from "#e2e/support/turnpike.ts";
import type { Contender } from "./contender.ts";

/**
 * The whole of Turnpike, its node pinned: key check, plan with a rate limit that never bites, balance over two targets,
 * metering to the spool and from there into the database.
 */
export async function startTurnpikeNode(upstreamPort: number): Promise<Contender> {
  const turnpike = await startTurnpike();
  const api = managementApi(turnpike.consoleUrl, turnpike.token);
  const upstreams = ["a", "b"].map((name) => ({
    name: `bench-${name}`,
    provider: "openai",
    baseUrl: `http://127.0.0.1:${upstreamPort}/v1`,
    allowPrivateNetwork: true,
    credential: { kind: "apiKey", secret: "bench-upstream-secret" },
  }));
  const ids: string[] = [];
  for (const upstream of upstreams) ids.push((await api.must("POST", "/upstreams", upstream)).id);
  const plan = await api.must("POST", "/plans", {
    name: "bench",
    rateLimits: [{ metric: "requests", limit: 100_000_000, windowSeconds: 60 }],
    routes: ["*"],
  });
  await api.must("POST", "/routes", {
    name: "bench",
    strategy: "round_robin",
    targets: ids.map((upstreamId) => ({ upstreamId, model: "gpt-4o-mini" })),
  });
  const revision = await api.must("POST", "/revisions", { note: "bench" });
  await untilApplied(api, revision.number);
  const team = await api.must("POST", "/teams", { name: "Bench" });
  const consumer = await api.must("POST", "/consumers", { name: "bench", teamId: team.id, planId: plan.id });
  const key = await api.must("POST", `/consumers/${consumer.id}/api-keys`, { name: "bench" });
  const [pid] = descendants(turnpike.pid, "gateway/main.ts");
  if (pid === undefined) throw new Error("The node's process was not found");
  return {
    name: "turnpike",
    url: `${turnpike.gatewayUrl}/v1/chat/completions`,
    headers: { authorization: `Bearer ${key.secret}` },
    pid,
    close: () => turnpike.remove(),
  };
}

async function untilApplied(api: ReturnType<typeof managementApi>, number: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const nodes = await api.must("GET", "/nodes");
    if (nodes.data.every((node: { appliedRevision: number }) => node.appliedRevision >= number)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`The node did not apply revision ${number} in 10 s`);
}
