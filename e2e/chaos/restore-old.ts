import path from "node:path";
import {
  chatAnswer,
  type ExecutedGateway,
  executeGateway,
  servingAfterMs,
} from "#e2e/support/light-plane/executed-gateway.ts";
import { joinToken, type OwnPlane } from "#e2e/support/light-plane/own-database.ts";
import { waitUntil } from "#e2e/support/wait-until.ts";
import { rounded, type Verdict } from "./verdict.ts";

const CONVERGED_MS_MAX = 10_000;

/**
 * A backup is made; the nodes then go several revisions and directory changes further; the backup is restored, which
 * leaves the control plane behind its nodes, and its epoch is raised. No node may be stuck on the future, a key that only
 * the future knew is known no more, calls go on meanwhile, and the next publish reaches every node.
 */
export async function restoreOld(plane: OwnPlane, { nodes }: { nodes: number }): Promise<Verdict> {
  const running: ExecutedGateway[] = [];
  try {
    for (let index = 0; index < nodes; index++) running.push(await joined(plane, index));
    for (const node of running) await servingAfterMs(node, plane.apiKey, 60_000);
    await plane.kill();
    await plane.backUp();
    await plane.start();
    const late = await goFurther(plane, running);
    await plane.kill();
    await plane.restore();
    await plane.start();
    const whileAway = await Promise.all(running.map((node) => chatAnswer(node, plane.apiKey)));
    const startedMs = performance.now();
    await plane.api.must("POST", "/nodes/raise-epoch", {});
    const onRevision = await reached(running, plane.apiKey, "1");
    const convergedMs = performance.now() - startedMs;
    const stillKnown = await Promise.all(running.map((node) => chatAnswer(node, late)));
    await publish(plane, "after the restore");
    const onNext = await reached(running, plane.apiKey, "2");
    const failed = whileAway.filter(({ status }) => status !== 200).length;
    const future = stillKnown.filter(({ status }) => status !== 401).length;
    const stuck = nodes - onRevision + (nodes - onNext);
    const figures = { stuck, failedCalls: failed, futureKeysKnown: future, convergedMs: rounded(convergedMs) };
    const violations = stuck + failed + future + (convergedMs > CONVERGED_MS_MAX ? 1 : 0);
    return { case: "restore-old", n: nodes, violations, figures };
  } finally {
    for (const node of running) await node.kill();
  }
}

async function joined(plane: OwnPlane, index: number): Promise<ExecutedGateway> {
  return await executeGateway({
    TURNPIKE_CONTROL_URL: plane.url,
    TURNPIKE_NODE_DIR: path.join(plane.homeDir, `node-${index}`),
    TURNPIKE_NODE_NAME: `node-${index}`,
    TURNPIKE_JOIN_TOKEN: await joinToken(plane),
  });
}

/** Publishes three revisions and issues a key. Returns the key, once every node has all of it. */
async function goFurther(plane: OwnPlane, running: readonly ExecutedGateway[]): Promise<string> {
  for (const note of ["one", "two", "three"]) await publish(plane, note);
  const consumer = (await plane.api.must("GET", "/consumers")).data[0];
  const { secret } = await plane.api.must("POST", `/consumers/${consumer.id}/api-keys`, { name: "late" });
  if ((await reached(running, secret, "4")) < running.length) throw new Error("The nodes did not follow");
  return secret;
}

async function publish({ api }: OwnPlane, note: string): Promise<void> {
  const plan = (await api.must("GET", "/plans")).data[0];
  const limit = plan.rateLimits[0].limit + 1;
  const rateLimits = [{ metric: "requests", limit, windowSeconds: 60 }];
  await api.must("PATCH", `/plans/${plan.id}`, { rateLimits }, { "if-match": "*" });
  await api.must("POST", "/revisions", { note });
}

/** How many nodes answer under this revision, once all do or after ten seconds. */
async function reached(running: readonly ExecutedGateway[], key: string, revision: string): Promise<number> {
  const count = async () => {
    const answers = await Promise.all(running.map((node) => chatAnswer(node, key)));
    return answers.filter((answer) => answer.status === 200 && answer.revision === revision).length;
  };
  const all = async () => ((await count()) === running.length ? running.length : undefined);
  return await waitUntil(`revision ${revision}`, CONVERGED_MS_MAX, all, 20).catch(count);
}
