import { setTimeout as sleep } from "node:timers/promises";
import { type OwnPlane, withOwnPlane } from "#e2e/support/light-plane/own-database.ts";
import { withNodes } from "#e2e/support/nodes-of-plane.ts";
import { waitUntil } from "#e2e/support/wait-until.ts";
import type { GatewayNode } from "#gateway/node.ts";
import { status, TestUpstream } from "#gateway/testing/upstream.ts";
import { RolloutView } from "#lib/domain/rollout/schemas.ts";
import { type Answer, chat } from "./chat.ts";
import { unlimitedKeyBy } from "./unlimited-key.ts";
import { rounded, type Verdict } from "./verdict.ts";

const NODES = 4;
const CALL_EVERY_MS = 50;
const BEFORE_MS = 3_000;
const AFTER_MS = 2_000;
const AWAY_MS = 3_000;
const DECISION_MAX_MS = 60_000;
const ROLLBACK_MAX_MS = 1_000;
/** One of four nodes; how calls fall between two moments moves it a little. */
const SHARE_MAX = 0.3;

interface Call {
  node: number;
  atMs: number;
  revision: number;
  answer: Answer;
}

/**
 * Four nodes under an even load. A revision whose upstream fails every call goes to one of them first: the gate finds it,
 * rolls it back on every node, at most the canary's share of calls was hurt meanwhile, and the story says what happened.
 * With `isPlaneKilled` the control plane dies by kill -9 right after the publish and comes back three seconds later.
 */
export function canary(isPlaneKilled: boolean): Promise<Verdict> {
  return withOwnPlane(async (plane) => {
    const failing = await TestUpstream.start();
    failing.answer = status(500, '{"error":{"message":"broken"}}');
    try {
      return await withNodes(plane, NODES, (nodes) =>
        measure(plane, nodes, { failingUrl: failing.url, isPlaneKilled }),
      );
    } finally {
      await failing.stop();
    }
  });
}

async function measure(
  plane: OwnPlane,
  nodes: readonly GatewayNode[],
  { failingUrl, isPlaneKilled }: { failingUrl: string; isPlaneKilled: boolean },
): Promise<Verdict> {
  const { api } = plane;
  const apiKey = await unlimitedKeyBy(api);
  await everyNodeServes(plane, apiKey, nodes);
  const load = new Load(apiKey, nodes);
  load.start();
  await sleep(BEFORE_MS);
  const baseline = nodes[0]?.revision ?? 0;
  await breakDemoRoute(plane, failingUrl);
  const gate = { durationSeconds: 120, minimumCalls: 100, timeoutSeconds: 300 };
  const published = await api.must("POST", "/revisions", {
    note: "bad",
    rollout: { strategy: "canary", percent: 25, gate },
  });
  const publishedMs = performance.now();
  if (isPlaneKilled) {
    await plane.kill();
    await sleep(AWAY_MS);
    await plane.start();
  }
  const rollout = await waitUntil("the gate to decide", DECISION_MAX_MS, async () => {
    const view = RolloutView.parse(await api.must("GET", `/rollouts/${published.rollout.id}`));
    return view.endedAt === null ? undefined : view;
  });
  const endedAtMs = performance.now() - (Date.now() - Date.parse(rollout.endedAt ?? ""));
  const back = rollout.endedBy ?? 0;
  await waitUntil("every node to be back", 10_000, async () =>
    nodes.every((node) => node.revision === back) ? true : undefined,
  );
  await sleep(AFTER_MS);
  await load.stop();
  const story = rollout.events.map(({ kind }) => kind);
  return judge({ calls: load.calls, rollout, story, baseline, publishedMs, endedAtMs, back, isPlaneKilled });
}

function judge(seen: {
  calls: readonly Call[];
  rollout: RolloutView;
  story: readonly string[];
  baseline: number;
  publishedMs: number;
  endedAtMs: number;
  back: number;
  isPlaneKilled: boolean;
}): Verdict {
  const { calls, rollout, baseline, back } = seen;
  const hasFailed = ({ answer }: Call) => answer.status !== 200 || answer.failure !== null;
  const failed = calls.filter(hasFailed);
  const during = calls.filter(({ atMs, revision }) => atMs >= seen.publishedMs && revision !== back);
  const failedDuring = during.filter(hasFailed);
  const share = failedDuring.length / Math.max(1, during.length);
  const lastOld = Math.max(0, ...calls.filter(({ revision }) => revision < back).map(({ atMs }) => atMs));
  const rollbackMs = Math.max(0, lastOld - seen.endedAtMs);
  const ends = rollout.events.at(-1);
  const wrong = [
    rollout.state === "rolled_back" ? null : `it is ${rollout.state}`,
    failedDuring.length > 0 ? null : "no call was hurt, so nothing was shown",
    failed.every(({ revision }) => revision === rollout.revision) ? null : "calls failed under another revision",
    new Set(failed.map(({ node }) => node)).size === 1 ? null : "calls failed on more than one node",
    share <= SHARE_MAX ? null : `${rounded(share * 100)} % of calls were hurt`,
    // After a kill, nodes may still be on their way back to the control plane.
    seen.isPlaneKilled || rollbackMs <= ROLLBACK_MAX_MS ? null : `the rollback took ${rounded(rollbackMs)} ms`,
    ["started", "node_applied", "judged", "rolled_back"].every((kind) => seen.story.includes(kind))
      ? null
      : `the story is ${seen.story.join(", ")}`,
    ends?.figures?.verdict === "worse" && ends.figures.canary.failed > 0 && ends.figures.rest.failed === 0
      ? null
      : `the story ends with ${ends?.detail}`,
    rollout.baseline === baseline ? null : `compared with ${rollout.baseline}`,
  ].filter((each) => each !== null);
  return {
    case: "canary",
    n: calls.length,
    violations: wrong.length,
    figures: {
      nodes: NODES,
      hurt: failed.length,
      hurtShare: rounded(share * 1_000) / 1_000,
      decidedMs: rounded(seen.endedAtMs - seen.publishedMs),
      rollbackMs: rounded(rollbackMs),
      because: ends?.detail ?? "",
      first: wrong[0] ?? "",
    },
  };
}

/** A key travels to each node by itself. */
async function everyNodeServes(plane: OwnPlane, apiKey: string, nodes: readonly GatewayNode[]): Promise<void> {
  for (const node of nodes)
    await waitUntil("the node to serve", 20_000, async () => {
      const answer = await chat(urlOf(node), apiKey, { messages: [{ role: "user", content: "ready?" }] });
      return answer.status === 200 ? true : undefined;
    });
  await waitUntil("the nodes to have reported that they serve", 20_000, async () => {
    const { data } = await plane.api.must("GET", "/nodes");
    return data.every((node: { state: string }) => node.state === "serving") || undefined;
  });
}

/** Points the demo route at an upstream that fails. */
async function breakDemoRoute({ api }: OwnPlane, failingUrl: string): Promise<void> {
  const upstream = await api.must("POST", "/upstreams", {
    name: "failing",
    provider: "openai",
    baseUrl: failingUrl,
    allowPrivateNetwork: true,
    credential: { kind: "apiKey", secret: "sk-of-nothing-at-all" },
  });
  const route = (await api.must("GET", "/routes")).data.find((each: { name: string }) => each.name === "demo");
  const { etag, version } = (await api.must("GET", `/routes/${route.id}/versions`)).data[0];
  const targets = [{ upstreamId: upstream.id, model: "demo" }];
  await api.must("PATCH", `/routes/${route.id}/versions/${version}`, { targets }, { "if-match": etag });
}

function urlOf(node: GatewayNode): string {
  return `http://127.0.0.1:${node.port}`;
}

/** As many calls at each node, however long one takes. */
class Load {
  readonly calls: Call[] = [];
  private readonly apiKey: string;
  private readonly nodes: readonly GatewayNode[];
  private readonly running = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | null = null;

  constructor(apiKey: string, nodes: readonly GatewayNode[]) {
    this.apiKey = apiKey;
    this.nodes = nodes;
  }

  start(): void {
    this.timer = setInterval(() => {
      for (const [place, node] of this.nodes.entries()) {
        const running: Promise<void> = this.call(place, node).finally(() => this.running.delete(running));
        this.running.add(running);
      }
    }, CALL_EVERY_MS);
  }

  async stop(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await Promise.all(this.running);
  }

  private async call(place: number, node: GatewayNode): Promise<void> {
    const atMs = performance.now();
    const answer = await chat(urlOf(node), this.apiKey, { messages: [{ role: "user", content: "Say hello" }] });
    this.calls.push({ node: place, atMs, revision: answer.revision, answer });
  }
}
