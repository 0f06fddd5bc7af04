import { setTimeout as sleep } from "node:timers/promises";
import { startDemoUpstream } from "#demo/upstream/server.ts";
import { type GatewayProcess, startGatewayProcess } from "#e2e/support/gateway-process.ts";
import { type ManagementApi, managementApi } from "#e2e/support/management-api.ts";
import { startReplicas } from "#e2e/support/replicas.ts";
import { CALM, type Weather, WeatheredProxy } from "#e2e/support/weathered-proxy.ts";
import { rounded, type Verdict } from "./verdict.ts";

const CONVERGED_MS_MAX = 5_000;
const CALL_EVERY_MS = 50;
const GIVE_UP_MS = 60_000;

const WEATHERS = {
  partition: { ...CALM, isCut: true },
  loss: { ...CALM, lossRatio: 0.3 },
  delay: { ...CALM, delayMs: 500 },
} satisfies Record<string, Weather>;

/**
 * What lies between a node and its control planes is cut, then loses 30 % of what passes, then delays it by half a second,
 * while the node serves calls. No call may fail, and what was published meanwhile must be in force
 * at most 5 s after the network is well again. The weather is made by a proxy in this process (`tc` wants rights that a
 * test should not have): a lost piece comes as late as TCP would have sent it again, and a connection that was open
 * during a cut never recovers.
 */
export async function netem({
  cutSeconds,
  badSeconds,
  replicas,
  isLight = false,
}: {
  cutSeconds: number;
  badSeconds: number;
  replicas: number;
  isLight?: boolean;
}): Promise<Verdict> {
  const upstream = await startDemoUpstream({ port: 0, host: "127.0.0.1" });
  const installed = await startReplicas({ count: replicas, demoUpstreamUrl: upstream.url, isLight });
  const proxy = await WeatheredProxy.start(installed.replicas.map(({ port }) => port));
  let node: GatewayProcess | null = null;
  try {
    const api = managementApi(installed.replicas[0]?.url ?? "", installed.token);
    const { secret } = await api.must("POST", "/join-tokens", { name: "weathered" });
    await publishSomething(api, "before");
    node = await startGatewayProcess(proxy.url, secret);
    const calls = callAllTheTime(node.url, installed.apiKey);
    const converged: Record<string, number> = {};
    for (const [name, weather] of Object.entries(WEATHERS)) {
      const seconds = weather.isCut ? cutSeconds : badSeconds;
      proxy.weather = weather;
      await sleep(seconds * 500);
      const number = await publishSomething(api, name);
      await sleep(seconds * 500);
      proxy.weather = CALM;
      converged[name] = await untilServed(calls, number);
    }
    const { made, failed, firstFailure } = await calls.end();
    const late = Object.values(converged).filter((ms) => ms > CONVERGED_MS_MAX).length;
    return {
      case: "netem",
      n: made,
      violations: failed + late,
      figures: {
        by: "a proxy in this process",
        failed,
        firstFailure,
        ...Object.fromEntries(Object.entries(converged).map(([name, ms]) => [`${name}ConvergedMs`, rounded(ms)])),
      },
    };
  } finally {
    await node?.remove();
    await proxy.close();
    await installed.remove();
    await upstream.close();
  }
}

/** Publishes a limit that differs from name to name, and never bites. */
async function publishSomething(api: ManagementApi, name: string): Promise<number> {
  const [plan] = (await api.must("GET", "/plans")).data;
  const rateLimits = [{ metric: "requests", limit: 1_000_000 + name.length, windowSeconds: 60 }];
  await api.must("PATCH", `/plans/${plan.id}`, { rateLimits }, { "if-match": plan.etag });
  return (await api.must("POST", "/revisions", { note: name })).number;
}

/** How long until the node answers under a revision; infinite when it does not. */
async function untilServed(calls: Calls, revision: number): Promise<number> {
  const startedMs = performance.now();
  while (performance.now() - startedMs < GIVE_UP_MS) {
    if (calls.revision() >= revision) return performance.now() - startedMs;
    await sleep(20);
  }
  return Number.POSITIVE_INFINITY;
}

interface Calls {
  /** Under which the last call was answered. */
  revision(): number;
  end(): Promise<{ made: number; failed: number; firstFailure: string }>;
}

/** Calls one after another, without a pause of more than a moment. */
function callAllTheTime(url: string, apiKey: string): Calls {
  let isOver = false;
  let revision = 0;
  const outcome = { made: 0, failed: 0, firstFailure: "" };
  const running = (async () => {
    while (!isOver) {
      const failure = await callOnce(url, apiKey, (number) => {
        revision = number;
      });
      outcome.made++;
      if (failure !== null) {
        outcome.failed++;
        outcome.firstFailure ||= failure;
      }
      await sleep(CALL_EVERY_MS);
    }
    return outcome;
  })();
  return {
    revision: () => revision,
    end() {
      isOver = true;
      return running;
    },
  };
}

async function callOnce(url: string, apiKey: string, onRevision: (number: number) => void): Promise<string | null> {
  try {
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
      body: JSON.stringify({ model: "demo", messages: [{ role: "user", content: "Hello" }] }),
      signal: AbortSignal.timeout(10_000),
    });
    const text = await response.text();
    onRevision(Number(response.headers.get("x-turnpike-revision")));
    return response.status === 200 ? null : `${response.status} ${text.slice(0, 200)}`;
  } catch (error) {
    return String(error);
  }
}
