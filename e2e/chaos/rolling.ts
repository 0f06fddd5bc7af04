import { setTimeout as sleep } from "node:timers/promises";
import { demoLedger } from "#e2e/support/demo-ledger.ts";
import { managementApi } from "#e2e/support/management-api.ts";
import { descendants } from "#e2e/support/processes.ts";
import type { StartedTurnpike } from "#e2e/support/turnpike.ts";
import { waitUntil } from "#e2e/support/wait-until.ts";
import { type Answer, chat } from "./chat.ts";
import { compareWithLog } from "./compare-with-log.ts";
import { unlimitedKey } from "./unlimited-key.ts";
import type { Verdict } from "./verdict.ts";

const RESTART_MAX_MS = 180_000;
/** Calls on a new connection each: a listener that is gone for a moment would refuse one. */
const NEW_CONNECTION_EVERY_MS = 15;

/**
 * SIGHUP to an installation with several nodes on one port while `streams` streams are open and new connections come all
 * the time: no stream may be cut, no connection refused, and every call must be in the request log once.
 */
export async function rolling(turnpike: StartedTurnpike, { streams }: { streams: number }): Promise<Verdict> {
  const apiKey = await unlimitedKey(turnpike);
  const ledger = demoLedger(turnpike.homeDir);
  const from = (await ledger.entries()).at(-1)?.sequence ?? 0;
  const startedAt = new Date();
  const before = nodePids(turnpike);
  await everyNodeKnows(turnpike.gatewayUrl, apiKey, before.length);
  const open = Array.from({ length: streams }, (_, number) => stream(turnpike.gatewayUrl, apiKey, number));
  await sleep(300);
  let isOver = false;
  const short = callAllTheTime(turnpike.gatewayUrl, apiKey, () => isOver);
  const [supervisor] = descendants(turnpike.pid, "gateway/main.");
  if (supervisor === undefined) throw new Error("There is no gateway to restart");
  process.kill(supervisor, "SIGHUP");
  await everyNodeIsNew(turnpike, before);
  isOver = true;
  const streamed = await Promise.all(open);
  const called = await short;
  const served = (await ledger.entries(from)).filter((entry) => entry.path === "/v1/chat/completions");
  const log = await compareWithLog(turnpike, served, startedAt);
  const truncated = streamed.filter((answer) => answer.failure !== null || !answer.text.endsWith("data: [DONE]\n\n"));
  const failed = called.filter((answer) => answer.failure !== null || answer.status !== 200);
  return {
    case: "rolling",
    n: streamed.length + called.length,
    violations: truncated.length + failed.length + log.lost + log.doubled + log.wrong,
    figures: {
      nodes: before.length,
      streams: streamed.length,
      truncated: truncated.length,
      newConnections: called.length,
      failed: failed.length,
      lost: log.lost,
      doubled: log.doubled,
      wrongTokens: log.wrong,
      firstFailure: shown(truncated[0] ?? failed[0]),
    },
  };
}

function shown(answer: Answer | undefined): string {
  return answer === undefined ? "" : `${answer.status} ${answer.failure ?? ""} ${answer.text.slice(-200)}`;
}

/** A new key travels to each node by itself. Connections are handed to the nodes in turns. */
async function everyNodeKnows(gatewayUrl: string, apiKey: string, nodes: number): Promise<void> {
  await waitUntil("the key on every node", 10_000, async () => {
    for (let call = 0; call < 3 * nodes; call++) {
      const { status } = await chat(gatewayUrl, apiKey, { messages: [{ role: "user", content: "known?" }] });
      if (status !== 200) return undefined;
    }
    return true;
  });
}

/** The processes that are nodes: children of the one that owns the port. */
function nodePids(turnpike: StartedTurnpike): number[] {
  const [supervisor, ...nodes] = descendants(turnpike.pid, "gateway/main.");
  return supervisor === undefined ? [] : nodes;
}

async function everyNodeIsNew(turnpike: StartedTurnpike, before: readonly number[]): Promise<void> {
  const api = managementApi(turnpike.consoleUrl, turnpike.token);
  await waitUntil("every node is another process, and serves", RESTART_MAX_MS, async () => {
    const now = nodePids(turnpike);
    if (now.length < before.length || now.some((pid) => before.includes(pid))) return undefined;
    const { data } = await api.must("GET", "/nodes");
    return data.every((node: { state: string }) => node.state === "serving") || undefined;
  });
  // The last of them is told to have begun before it has taken a call.
  await sleep(500);
}

async function callAllTheTime(gatewayUrl: string, apiKey: string, isOver: () => boolean): Promise<Answer[]> {
  const answers: Promise<Answer>[] = [];
  for (let number = 0; !isOver(); number++) {
    answers.push(chat(gatewayUrl, apiKey, { messages: [{ role: "user", content: `short ${number}` }] }));
    await sleep(NEW_CONNECTION_EVERY_MS);
  }
  return Promise.all(answers);
}

function stream(gatewayUrl: string, apiKey: string, number: number): Promise<Answer> {
  // Some ten seconds: open when the restarts begin, over before a node's drain is.
  const messages = [{ role: "user", content: `stream ${number}: write 100 words` }];
  return chat(gatewayUrl, apiKey, { stream: true, messages }, { "x-demo-fault": '{"delayBetweenChunksMs":100}' });
}
