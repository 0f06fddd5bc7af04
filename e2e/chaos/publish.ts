import { type ManagementApi, managementApi } from "#e2e/support/management-api.ts";
import type { StartedTurnpike } from "#e2e/support/turnpike.ts";
import { waitUntil } from "#e2e/support/wait-until.ts";
import { quantile, rounded, type Verdict } from "./verdict.ts";

const P99_MS = 500;

/** Publish → applied, seen by a caller: from sending the publish until the node answers under the new revision. */
export async function publish(turnpike: StartedTurnpike, n: number): Promise<Verdict> {
  const api = managementApi(turnpike.consoleUrl, turnpike.token);
  const plan = (await api.must("GET", "/plans")).data[0];
  let etag: string = plan.etag;
  const delays: number[] = [];
  for (let round = 0; round < n; round++) {
    const edited = await api.must(
      "PATCH",
      `/plans/${plan.id}`,
      { description: `round ${round} ${performance.now()}`, rateLimits: limits(round) },
      { "if-match": etag },
    );
    etag = edited.etag;
    delays.push(await publishOnce(api, turnpike));
  }
  const p99 = quantile(delays, 0.99);
  return {
    case: "publish",
    n,
    violations: p99 > P99_MS ? 1 : 0,
    figures: { p50Ms: rounded(quantile(delays, 0.5)), p99Ms: rounded(p99), maxMs: rounded(Math.max(...delays)) },
  };
}

/** A limit that differs from round to round, so that there is something to publish, and never bites. */
function limits(round: number) {
  return [{ metric: "requests", limit: 1_000_000 + (round % 2), windowSeconds: 60 }];
}

async function publishOnce(api: ManagementApi, turnpike: StartedTurnpike): Promise<number> {
  const startedMs = performance.now();
  const { number } = await api.must("POST", "/revisions", { note: "measured" });
  await waitUntil(
    `revision ${number} on the node`,
    10_000,
    async () => ((await servedRevision(turnpike)) >= number ? true : undefined),
    2,
  );
  return performance.now() - startedMs;
}

/** The revision under which the node answers now. */
export async function servedRevision(turnpike: StartedTurnpike): Promise<number> {
  const response = await fetch(`${turnpike.gatewayUrl}/v1/models`, {
    headers: { authorization: `Bearer ${turnpike.apiKey}` },
  });
  await response.arrayBuffer();
  return Number(response.headers.get("x-turnpike-revision"));
}
