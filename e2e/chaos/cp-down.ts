import { setTimeout as sleep } from "node:timers/promises";
import { demoLedger } from "#e2e/support/demo-ledger.ts";
import { descendants, postgresPid } from "#e2e/support/processes.ts";
import type { StartedTurnpike } from "#e2e/support/turnpike.ts";
import { compareWithLog } from "./compare-with-log.ts";
import { unlimitedKey } from "./unlimited-key.ts";
import { quantile, rounded, type Verdict } from "./verdict.ts";

const WORKERS = 8;

interface Tally {
  sent: number;
  failed: string[];
  latencies: number[];
}

/**
 * kill -9 of the control plane and PostgreSQL, again and again while calls run: no call may fail, and after the return
 * every call of the demo upstream's ledger is in the request log exactly once, with the ledger's tokens.
 */
export async function cpDown(turnpike: StartedTurnpike, { seconds }: { seconds: number }): Promise<Verdict> {
  const apiKey = await unlimitedKey(turnpike);
  const ledger = demoLedger(turnpike.homeDir);
  const from = (await ledger.entries()).at(-1)?.sequence ?? 0;
  const startedAt = new Date();
  const tally: Tally = { sent: 0, failed: [], latencies: [] };
  const deadline = performance.now() + seconds * 1_000;
  const workers = Array.from({ length: WORKERS }, (_, worker) =>
    callUntil(deadline, turnpike.gatewayUrl, apiKey, tally, worker),
  );
  let kills = 0;
  while (performance.now() < deadline - 2_000) {
    await sleep(1_500);
    kills += killPlanes(turnpike);
    await sleep(1_500);
  }
  await Promise.all(workers);
  const served = (await ledger.entries(from)).filter((entry) => entry.path === "/v1/chat/completions");
  const { lost, doubled, wrong } = await compareWithLog(turnpike, served, startedAt);
  const violations = tally.failed.length + lost + doubled + wrong;
  const figures = {
    kills,
    failed: tally.failed.length,
    lost,
    doubled,
    wrongTokens: wrong,
    p50Ms: rounded(quantile(tally.latencies, 0.5)),
    p99Ms: rounded(quantile(tally.latencies, 0.99)),
    firstFailure: tally.failed[0] ?? "",
  };
  return { case: "cp-down", n: tally.sent, violations, figures };
}

function killPlanes(turnpike: StartedTurnpike): number {
  const victims = [...descendants(turnpike.pid, "scripts/console.ts"), ...descendants(turnpike.pid, "next-server")];
  try {
    victims.push(postgresPid(turnpike.homeDir));
  } catch {
    // It is down already and has not come back.
  }
  let killed = 0;
  for (const pid of victims) {
    try {
      process.kill(pid, "SIGKILL");
      killed++;
    } catch {
      // It ended between the look and the kill.
    }
  }
  return killed;
}

async function callUntil(
  deadline: number,
  gatewayUrl: string,
  apiKey: string,
  tally: Tally,
  worker: number,
): Promise<void> {
  for (let round = 0; performance.now() < deadline; round++) {
    const startedMs = performance.now();
    const body = {
      model: "demo",
      stream: round % 3 === 0,
      messages: [{ role: "user", content: `worker ${worker} round ${round}` }],
    };
    try {
      tally.sent++;
      const response = await fetch(`${gatewayUrl}/v1/chat/completions`, {
        method: "POST",
        headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      const text = await response.text();
      if (response.status !== 200) tally.failed.push(`${response.status} ${text.slice(0, 200)}`);
      tally.latencies.push(performance.now() - startedMs);
    } catch (error) {
      tally.failed.push(String(error));
    }
    await sleep(20);
  }
}
