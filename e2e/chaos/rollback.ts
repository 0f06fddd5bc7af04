import { withOwnPlane } from "#e2e/support/light-plane/own-database.ts";
import type { ManagementApi } from "#e2e/support/management-api.ts";
import { withNodes } from "#e2e/support/nodes-of-plane.ts";
import { waitUntil } from "#e2e/support/wait-until.ts";
import type { GatewayNode } from "#gateway/node.ts";
import { quantile, rounded, type Verdict } from "./verdict.ts";

const NODES = 10;
const ROLLBACK_MAX_MS = 1_000;

/**
 * `n` times: a revision is published, to all nodes and in every second round to a canary, and rolled back: by a rollback or
 * by an abort. Measured from the click until the last of ten nodes has the revision in force that was brought back.
 */
export function rollback(n: number): Promise<Verdict> {
  return withOwnPlane(({ api, ...plane }) =>
    withNodes({ api, ...plane }, NODES, async (nodes) => {
      await waitUntil("every node to have reported that it serves", 30_000, async () => {
        const { data } = await api.must("GET", "/nodes");
        return (
          (data.length === NODES && data.every((node: { state: string }) => node.state === "serving")) || undefined
        );
      });
      const delaysMs: number[] = [];
      for (let round = 0; round < n; round++) delaysMs.push(await once(api, nodes, round));
      const slow = delaysMs.filter((delayMs) => delayMs > ROLLBACK_MAX_MS).length;
      return {
        case: "rollback",
        n,
        violations: slow,
        figures: {
          nodes: NODES,
          p50Ms: rounded(quantile(delaysMs, 0.5)),
          p99Ms: rounded(quantile(delaysMs, 0.99)),
          maxMs: rounded(Math.max(...delaysMs)),
        },
      };
    }),
  );
}

async function once(api: ManagementApi, nodes: readonly GatewayNode[], round: number): Promise<number> {
  const plan = (await api.must("GET", "/plans")).data[0];
  const rateLimits = [{ metric: "requests", limit: 1_000_000 + round, windowSeconds: 60 }];
  await api.must("PATCH", `/plans/${plan.id}`, { rateLimits }, { "if-match": plan.etag });
  const isCanary = round % 2 === 1;
  const published = await api.must("POST", "/revisions", {
    rollout: isCanary ? { strategy: "canary", percent: 30 } : { strategy: "all" },
  });
  await inForce(nodes, published.number, isCanary ? 3 : NODES);
  const clickedMs = performance.now();
  const rolledBack = isCanary
    ? (await api.must("POST", `/rollouts/${published.rollout.id}/abort`)).endedBy
    : (await api.must("POST", `/revisions/${published.number - 1}/rollback`)).number;
  await inForce(nodes, rolledBack, NODES);
  return performance.now() - clickedMs;
}

async function inForce(nodes: readonly GatewayNode[], number: number, count: number): Promise<void> {
  await waitUntil(
    `revision ${number} on ${count} nodes`,
    20_000,
    async () => nodes.filter(({ revision }) => revision === number).length === count || undefined,
    2,
  );
}
