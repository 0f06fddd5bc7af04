import { managementApi } from "#e2e/support/management-api.ts";
import type { StartedTurnpike } from "#e2e/support/turnpike.ts";
import { waitUntil } from "#e2e/support/wait-until.ts";
import { quantile, rounded, type Verdict } from "./verdict.ts";

const WORST_MS = 1_000;

/** Revoke → refused, with the key in use: from sending the revocation until the first call that is refused. */
export async function revoke(turnpike: StartedTurnpike, n: number): Promise<Verdict> {
  const api = managementApi(turnpike.consoleUrl, turnpike.token);
  const consumer = (await api.must("GET", "/consumers")).data[0];
  const delays: number[] = [];
  for (let round = 0; round < n; round++) {
    const key = await api.must("POST", `/consumers/${consumer.id}/api-keys`, { name: `revoked ${round}` });
    await waitUntil(
      "the new key to work",
      5_000,
      async () => ((await statusWith(turnpike, key.secret)) === 200 ? true : undefined),
      2,
    );
    const startedMs = performance.now();
    await api.must("DELETE", `/api-keys/${key.id}`);
    await waitUntil(
      "the key to be refused",
      10_000,
      async () => ((await statusWith(turnpike, key.secret)) === 401 ? true : undefined),
      2,
    );
    delays.push(performance.now() - startedMs);
  }
  const worst = Math.max(...delays);
  const violations = delays.filter((delay) => delay > WORST_MS).length;
  return { case: "revoke", n, violations, figures: { p50Ms: rounded(quantile(delays, 0.5)), worstMs: rounded(worst) } };
}

async function statusWith(turnpike: StartedTurnpike, secret: string): Promise<number> {
  const response = await fetch(`${turnpike.gatewayUrl}/v1/models`, { headers: { authorization: `Bearer ${secret}` } });
  await response.arrayBuffer();
  return response.status;
}
