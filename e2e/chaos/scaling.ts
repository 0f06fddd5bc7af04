import { setTimeout as sleep } from "node:timers/promises";
import { type ManagementApi, managementApi } from "#e2e/support/management-api.ts";
import type { StartedTurnpike } from "#e2e/support/turnpike.ts";
import { waitUntil } from "#e2e/support/wait-until.ts";
import { type Answer, chat } from "./chat.ts";
import { unlimitedKey } from "./unlimited-key.ts";
import type { Verdict } from "./verdict.ts";

/** What one node is to have; three of them are needed for what is sent. */
const CALLS_A_SECOND = 4;
const BUSY_EVERY_MS = 40;
const QUIET_EVERY_MS = 400;
const CHANGE_MAX_MS = 90_000;

/** The group of the machine's own nodes. */
type At = Pick<StartedTurnpike, "consoleUrl" | "gatewayUrl" | "token">;

/**
 * The group of this machine's nodes is given a scaling policy, and load: it must come to three nodes and, with less load,
 * back to one, while each call on a connection of its own is answered, and the story must tell why.
 */
export async function scaling(turnpike: StartedTurnpike): Promise<Verdict> {
  return scale(turnpike, await unlimitedKey(turnpike));
}

/** The same with a key that has no limits. */
export async function scale(turnpike: At, apiKey: string): Promise<Verdict> {
  const api = managementApi(turnpike.consoleUrl, turnpike.token);
  const group = (await api.must("GET", "/node-groups?q=default")).data[0];
  const policy = { minimum: 1, maximum: 3, targets: { callsPerSecond: CALLS_A_SECOND } };
  const timing = { cooldownUpSeconds: 0, cooldownDownSeconds: 5 };
  await api.must("PATCH", `/node-groups/${group.id}`, { scaling: { ...policy, ...timing } }, { "if-match": "*" });
  const load = { everyMs: BUSY_EVERY_MS, isOver: false };
  const calls = callAllTheTime(turnpike.gatewayUrl, apiKey, load);
  const upMs = await timed(() => untilServing(api, 3));
  // Long enough for each of them to be handed connections.
  await sleep(2_000);
  load.everyMs = QUIET_EVERY_MS;
  const downMs = await timed(() => untilServing(api, 1));
  await sleep(1_000);
  load.isOver = true;
  const answers = await calls;
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
      story: changes.map((change: { sentence: string }) => change.sentence).join(" | "),
      firstFailure: shown(failed[0]),
    },
  };
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
