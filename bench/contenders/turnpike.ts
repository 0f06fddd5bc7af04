import { managementApi } from "#e2e/support/management-api.ts";
import { descendants } from "#e2e/support/processes.ts";
import { startTurnpike } from "#e2e/support/turnpike.ts";
import { type CallKind, CHAT_PATH, type Contender, type UpstreamPorts } from "./contender.ts";

/**
 * The whole of Turnpike, its node pinned: key check, plan with two rate limits that never bite, balance over two targets,
 * metering to the spool and from there into the database.
 */
export async function startTurnpikeNode(upstreamPorts: UpstreamPorts): Promise<Contender> {
  const turnpike = await startTurnpike({ GATEWAY_NODES_MAX: "1" });
  const api = managementApi(turnpike.consoleUrl, turnpike.token);
  const kinds: CallKind[] = ["unary", "stream"];
  for (const kind of kinds) {
    const targets: { upstreamId: string; model: string }[] = [];
    for (const name of ["a", "b"]) {
      const upstream = await api.must("POST", "/upstreams", {
        name: `bench-${kind}-${name}`,
        provider: "openai",
        baseUrl: `http://127.0.0.1:${upstreamPorts[kind]}/v1`,
        allowPrivateNetwork: true,
        credential: { kind: "apiKey", secret: "bench-upstream-secret" },
      });
      targets.push({ upstreamId: upstream.id, model: "gpt-4o-mini" });
    }
    await api.must("POST", "/routes", { name: `bench-${kind}`, strategy: "round_robin", targets });
  }
  const plan = await api.must("POST", "/plans", {
    name: "bench",
    rateLimits: [60, 3_600].map((windowSeconds) => ({ metric: "requests", limit: 100_000_000, windowSeconds })),
    routes: ["*"],
  });
  const revision = await api.must("POST", "/revisions", { note: "bench" });
  await untilApplied(api, revision.number);
  const team = await api.must("POST", "/teams", { name: "Bench" });
  const consumer = await api.must("POST", "/consumers", { name: "bench", teamId: team.id, planId: plan.id });
  const key = await api.must("POST", `/consumers/${consumer.id}/api-keys`, { name: "bench" });
  const [pid] = descendants(turnpike.pid, "gateway/main.");
  if (pid === undefined) throw new Error("The node's process was not found");
  const at = { url: `${turnpike.gatewayUrl}${CHAT_PATH}`, headers: { authorization: `Bearer ${key.secret}` } };
  return {
    name: "turnpike",
    targets: { unary: at, stream: at },
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
