import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { executeGateway } from "#e2e/support/light-plane/executed-gateway.ts";
import { joinToken, withOwnPlane } from "#e2e/support/light-plane/own-database.ts";
import type { ManagementApi } from "#e2e/support/management-api.ts";
import { waitUntil } from "#e2e/support/wait-until.ts";
import { type Answer, chat } from "./chat.ts";
import { unlimitedKeyBy } from "./unlimited-key.ts";
import type { Verdict } from "./verdict.ts";

/** What one node is to have; three of them are needed for what is sent. */
const CALLS_A_SECOND = 4;
const BUSY_EVERY_MS = 40;
const QUIET_EVERY_MS = 400;
const CHANGE_MAX_MS = 90_000;

/**
 * The nodes of one machine, under a real supervisor, are given a scaling policy and load: they must come to three and, with
 * less load, back to one, while each call on a connection of its own is answered, and the story must tell why. Then an
 * admin wants two and removes one of them: another one takes its place.
 */
export function scaling(): Promise<Verdict> {
  return withOwnPlane(async (plane) => {
    const gateway = await executeGateway({
      TURNPIKE_CONTROL_URL: plane.url,
      TURNPIKE_JOIN_TOKEN: await joinToken(plane),
      TURNPIKE_HOME: plane.homeDir,
      GATEWAY_NODES_MAX: "3",
    });
    try {
      await untilServing(plane.api, 1);
      return await scale(plane.api, gateway, await unlimitedKeyBy(plane.api));
    } catch (error) {
      throw new Error(`${String(error)}\n${gateway.output()}`);
    } finally {
      const ended = once(gateway.child, "exit");
      gateway.child.kill("SIGTERM");
      await ended;
    }
  });
}

async function scale(api: ManagementApi, { url }: { url: string }, apiKey: string): Promise<Verdict> {
  const group = (await api.must("GET", "/node-groups?q=default")).data[0];
  const change = (scaling: object) => api.must("PATCH", `/node-groups/${group.id}`, { scaling }, { "if-match": "*" });
  const targets = { callsPerSecond: CALLS_A_SECOND };
  await change({ minimum: 1, maximum: 3, targets, cooldownUpSeconds: 0, cooldownDownSeconds: 5 });
  const load = { everyMs: BUSY_EVERY_MS, isOver: false };
  const calls = callAllTheTime(url, apiKey, load);
  const upMs = await timed(() => untilServing(api, 3));
  // Long enough for each of them to be handed connections.
  await sleep(2_000);
  load.everyMs = QUIET_EVERY_MS;
  const downMs = await timed(() => untilServing(api, 1));
  await sleep(1_000);
  load.isOver = true;
  const answers = await calls;
  const replacedMs = await timed(() => replaceOne(api, change));
  const failed = answers.filter(({ failure, status }) => failure !== null || status !== 200);
  const { data: story } = await api.must("GET", `/node-groups/${group.id}/decisions`);
  const changes = story.filter((decision: { kind: string }) => decision.kind !== "held").toReversed();
  const isTold = changes.every(
    (change: { state: string; sentence: string }) => change.state === "done" && change.sentence,
  );
  return {
    case: "scaling",
    n: answers.length,
    violations: failed.length + Number(!isTold),
    figures: {
      calls: answers.length,
      failed: failed.length,
      nodesMost: 3,
      secondsUp: Math.round(upMs / 100) / 10,
      secondsDown: Math.round(downMs / 100) / 10,
      secondsUntilReplaced: Math.round(replacedMs / 100) / 10,
      story: changes.map((change: { sentence: string }) => change.sentence).join(" | "),
      firstFailure: shown(failed[0]),
    },
  };
}

/** Two are wanted; the newer one is removed. */
async function replaceOne(api: ManagementApi, change: (scaling: object) => Promise<unknown>): Promise<void> {
  await change({ minimum: 2 });
  await untilServing(api, 2);
  const { data } = await api.must("GET", "/nodes");
  const removed = data.find((node: { state: string }) => node.state === "serving");
  await api.must("DELETE", `/nodes/${removed.id}`);
  await waitUntil(
    "another node in its place",
    CHANGE_MAX_MS,
    async () => {
      const now = (await api.must("GET", "/nodes")).data;
      const serving = now.filter((node: { state: string }) => node.state === "serving");
      return (serving.length === 2 && now.every(({ id }: { id: string }) => id !== removed.id)) || undefined;
    },
    250,
  );
}

function shown(answer: Answer | undefined): string {
  return answer === undefined ? "" : `${answer.status} ${answer.failure ?? ""} ${answer.text.slice(-200)}`;
}

async function untilServing(api: ManagementApi, nodes: number): Promise<void> {
  await waitUntil(
    `${nodes} nodes that serve`,
    CHANGE_MAX_MS,
    async () => {
      const { data } = await api.must("GET", "/nodes");
      const serving = data.filter((node: { state: string }) => node.state === "serving");
      const rest = data.filter((node: { state: string }) => node.state !== "serving");
      const areGone = rest.every((node: { stoppedAt: string | null }) => node.stoppedAt !== null);
      return (serving.length === nodes && areGone) || undefined;
    },
    250,
  );
}

async function timed(work: () => Promise<void>): Promise<number> {
  const fromMs = performance.now();
  await work();
  return performance.now() - fromMs;
}

async function callAllTheTime(
  gatewayUrl: string,
  apiKey: string,
  load: { everyMs: number; isOver: boolean },
): Promise<Answer[]> {
  const answers: Promise<Answer>[] = [];
  for (let number = 0; !load.isOver; number++) {
    answers.push(chat(gatewayUrl, apiKey, { messages: [{ role: "user", content: `call ${number}` }] }));
    await sleep(load.everyMs);
  }
  return Promise.all(answers);
}
