import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { type ExecutedGateway, executeGateway, servingAfterMs } from "#e2e/support/light-plane/executed-gateway.ts";
import { joinToken, type OwnPlane } from "#e2e/support/light-plane/own-database.ts";
import { waitUntil } from "#e2e/support/wait-until.ts";
import { fillDirectory } from "../../bench/scale/fill-directory.ts";
import { quantile, rounded, type Verdict } from "./verdict.ts";

const WORST_MS = 1_000;
const FIRST_START_MS_MAX = 60_000;

/**
 * The control plane is killed; then a node is killed and executed again, `rounds` times, and a node that never was is
 * executed from an exported bundle: from exec to the first good answer, with so many keys in the directory. At the end the
 * control plane comes back, and the new node joins and is known.
 */
export async function dpCold(
  plane: OwnPlane,
  { keys, rounds, worstMs = WORST_MS }: { keys: number; rounds: number; worstMs?: number },
): Promise<Verdict> {
  await fill(plane, keys);
  const known = path.join(plane.homeDir, "known");
  const own = { TURNPIKE_CONTROL_URL: plane.url, TURNPIKE_NODE_DIR: known };
  let node = await executeGateway({ ...own, TURNPIKE_JOIN_TOKEN: await joinToken(plane) });
  const running: ExecutedGateway[] = [];
  try {
    await servingAfterMs(node, plane.apiKey, FIRST_START_MS_MAX);
    const bundle = await plane.api.must("POST", "/node-bundles", { nodesMax: 50 });
    const file = path.join(plane.homeDir, "nodes.bundle");
    writeFileSync(file, Buffer.from(bundle.bundle, "base64"), { mode: 0o600 });
    // What it has learned lies on its disk a moment later.
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await plane.kill();
    const again: number[] = [];
    const fresh: number[] = [];
    const cpu: number[] = [];
    for (let round = 0; round < rounds; round++) {
      await node.kill();
      node = await executeGateway(own);
      again.push(await servingAfterMs(node, plane.apiKey, 30_000));
      cpu.push(cpuMs(node.child.pid ?? 0));
      const from = { TURNPIKE_BUNDLE: file, TURNPIKE_BUNDLE_KEY: bundle.key, TURNPIKE_CONTROL_URL: plane.url };
      const name = `fresh-${round}`;
      const dir = path.join(plane.homeDir, name);
      const made = await executeGateway({ ...from, TURNPIKE_NODE_DIR: dir, TURNPIKE_NODE_NAME: name });
      running.push(made);
      fresh.push(await servingAfterMs(made, plane.apiKey, 30_000));
      if (round < rounds - 1) await made.kill();
    }
    await plane.start();
    const joined = await hasJoined(plane, `fresh-${rounds - 1}`);
    // A new node opens the bundle and writes its disk first: it may take twice as long.
    const late = again.filter((ms) => ms > worstMs).length + fresh.filter((ms) => ms > 2 * worstMs).length;
    const figures = {
      keys,
      restartP50Ms: rounded(quantile(again, 0.5)),
      restartWorstMs: rounded(Math.max(...again)),
      /** Of the restarted node, up to its first good answer: what a busy machine does not change. */
      restartCpuMs: rounded(quantile(cpu, 0.5)),
      bundleP50Ms: rounded(quantile(fresh, 0.5)),
      bundleWorstMs: rounded(Math.max(...fresh)),
      bundleBytes: Number(bundle.bytes),
      joinedAfterwards: joined ? "yes" : "no",
    };
    return { case: "dp-cold", n: again.length + fresh.length, violations: late + (joined ? 0 : 1), figures };
  } finally {
    for (const each of [node, ...running]) await each.kill();
  }
}

/** The processor time that a process has taken. Linux; counted in hundredths of a second. */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function fill({ api, databaseUrl }: OwnPlane, keys: number): Promise<void> {
  const consumer = (await api.must("GET", "/consumers")).data[0];
  const { teamId, planId } = consumer;
  await fillDirectory({ databaseUrl, keys, teamId, planId, revision: 1 });
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query("SELECT pg_notify('turnpike_change', 'directory')");
  await client.end();
}

async function hasJoined(plane: OwnPlane, name: string): Promise<boolean> {
  const found = async () => {
    const { data } = await plane.api.must("GET", "/nodes");
    return data.some((node: { name: string; state: string }) => node.name === name && node.state === "serving")
      ? true
      : undefined;
  };
  return await waitUntil("the new node to join", 20_000, found).catch(() => false);
}
