import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { inspect } from "node:util";
import { freePorts } from "#e2e/support/turnpike.ts";
import { silentLog } from "#gateway/log.ts";
import { TestControlPlane } from "#gateway/testing/control-plane.ts";
import { policy, route, target, temporaryDirectory, until, upstream, version } from "#gateway/testing/fixtures.ts";
import { Harness } from "#gateway/testing/harness.ts";
import type { PolicyDocument } from "#lib/contract/policy-document.ts";
import { bareEnv } from "#scripts/env.ts";
import { projectRoot } from "#scripts/project-root.ts";
import { rounded, type Verdict } from "./verdict.ts";

const CALLERS = 4;
const START_MAX_MS = 60_000;
/** So many that applying and writing a document takes a moment that a kill can fall into. */
const BULK_ROUTES = 800;
/** A kill comes within so many times what a revision takes: before, while and after the node has applied and written it. */
const KILL_WITHIN = 2;

/**
 * `publishes` revisions under load: every call is served wholly under one of them, and no call under an older one than a
 * call before it. Then `kills` times a revision is published and the node killed at a random moment: it comes back at
 * exactly that revision or the one before, never with half of one, and goes on.
 */
export async function configAtomic(publishes: number, kills: number): Promise<Verdict> {
  const mixed = await underLoad(publishes);
  const killed = await underKills(kills);
  const violations = [...mixed.violations, ...killed.violations];
  return {
    case: "config-atomic",
    n: publishes + kills,
    violations: violations.length,
    figures: {
      publishes,
      calls: mixed.calls,
      revisionsSeen: mixed.seen,
      kills,
      backAtNew: killed.atNew,
      backAtOld: killed.atOld,
      slowestStartMs: rounded(killed.slowestStartMs),
      first: violations[0]?.slice(0, 500) ?? "",
    },
  };
}

/** Everything in it says which revision it is of: the upstream's path, the model, and which of two upstreams it is. */
function tagged(harness: Pick<Harness, "first" | "second">, number: number): PolicyDocument {
  const at = number % 2 === 0 ? harness.first : harness.second;
  const id = `ups_${1 + (number % 2)}`;
  return policy(
    [upstream(id, `${new URL(at.url).origin}/r${number}`)],
    [route("smart", [version([target(id, { model: `model-${number}` })])])],
  );
}

async function underLoad(publishes: number): Promise<{ violations: string[]; calls: number; seen: number }> {
  const harness = await Harness.start({ log: silentLog });
  const violations: string[] = [];
  const seen = new Set<number>();
  let calls = 0;
  let isOver = false;
  try {
    for (const side of [harness.first, harness.second]) {
      side.answer = (response, { path: asked, body }) => {
        side.received.length = 0;
        const content = JSON.stringify({ path: asked, model: JSON.parse(body).model, second: side === harness.second });
        const choice = { index: 0, message: { role: "assistant", content }, finish_reason: "stop" };
        const answer = { id: "c", object: "chat.completion", created: 1, model: "m", choices: [choice] };
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
      };
    }
    let number = 2;
    harness.plane.publishDocument(number, tagged(harness, number));
    await until("the first tagged revision is in force", () => harness.node.revision === number);
    const callers = Array.from({ length: CALLERS }, async () => {
      let last = 0;
      while (!isOver) {
        const answer = await harness.chat("smart");
        calls += 1;
        const under = Number(answer.headers["x-turnpike-revision"]);
        const problem = answer.status === 200 ? mixtureIn(answer.text, under) : `${answer.status} ${answer.text}`;
        if (problem !== null) violations.push(problem);
        if (under < last) violations.push(`revision ${under} after ${last}`);
        last = under;
        seen.add(under);
      }
    });
    for (let round = 0; round < publishes; round++) {
      number += 1;
      harness.plane.publishDocument(number, tagged(harness, number));
      // Some follow each other at once, so that nodes skip one; some wait until it is in force.
      if (round % 3 === 0) await sleep(1);
      else await until(`revision ${number} is in force`, () => harness.node.revision === number);
    }
    await until("the last revision is in force", () => harness.node.revision === number);
    isOver = true;
    await Promise.all(callers);
  } catch (error) {
    violations.push(inspect(error));
  } finally {
    isOver = true;
    await harness.stop();
  }
  return { violations, calls, seen: seen.size };
}

/** What of an answer belongs to another revision than the call, or null. */
function mixtureIn(text: string, under: number): string | null {
  const { path: asked, model, second } = JSON.parse(JSON.parse(text).choices[0].message.content);
  const isWhole = asked === `/r${under}/chat/completions` && model === `model-${under}` && second === (under % 2 === 1);
  return isWhole ? null : `Under ${under}: ${asked}, ${model}, upstream ${second ? 2 : 1}`;
}

interface Killed {
  violations: string[];
  atNew: number;
  atOld: number;
  slowestStartMs: number;
}

async function underKills(kills: number): Promise<Killed> {
  const plane = await TestControlPlane.start();
  const home = await temporaryDirectory();
  const result: Killed = { violations: [], atNew: 0, atOld: 0, slowestStartMs: 0 };
  let node: RunningNode | null = null;
  try {
    let number = 1;
    plane.publishDocument(number, bulky(number));
    node = await RunningNode.start(plane, home.path);
    await reported(plane, number);
    number += 1;
    const publishedMs = performance.now();
    plane.publishDocument(number, bulky(number));
    await reported(plane, number);
    const takesMs = performance.now() - publishedMs;
    for (let round = 0; round < kills; round++) {
      const before = number;
      number += 1;
      plane.publishDocument(number, bulky(number));
      await sleep(Math.random() * KILL_WITHIN * takesMs);
      await node.kill();
      plane.reports.length = 0;
      const startedMs = performance.now();
      node = await RunningNode.start(plane, home.path);
      result.slowestStartMs = Math.max(result.slowestStartMs, performance.now() - startedMs);
      if (node.loaded === number) result.atNew += 1;
      else if (node.loaded === before) result.atOld += 1;
      else result.violations.push(`Killed between ${before} and ${number}, back at ${node.loaded}`);
      // It goes on from there: what it missed is applied.
      await reported(plane, number);
    }
  } catch (error) {
    result.violations.push(inspect(error));
  } finally {
    await node?.kill();
    await plane.stop();
    await home.remove();
  }
  return result;
}

/** A document that takes a while to write. What is in it cannot be compressed away. */
function bulky(number: number): PolicyDocument {
  const routes = Array.from({ length: BULK_ROUTES }, (_, place) =>
    route(`bulk-${number}-${place}-${randomBytes(20).toString("hex")}`, [version([target("ups_1")])]),
  );
  return policy([upstream("ups_1", "http://127.0.0.1:9/v1")], routes);
}

/** Waits until the node says that it has applied a revision. */
async function reported(plane: TestControlPlane, number: number): Promise<void> {
  await until(
    `the node reports revision ${number}`,
    () => plane.reports.some((report) => report.appliedRevision === number),
    START_MAX_MS,
  );
}

/** A node as a process of its own, the way it is run. */
class RunningNode {
  /** The revision its disk held when it started. */
  readonly loaded: number;
  readonly kill: () => Promise<void>;

  private constructor(loaded: number, kill: () => Promise<void>) {
    this.loaded = loaded;
    this.kill = kill;
  }

  static async start(plane: TestControlPlane, home: string): Promise<RunningNode> {
    const [port = 0, statusPort = 0] = await freePorts(2);
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", "gateway/main.ts"], {
      cwd: projectRoot,
      env: bareEnv({
        NODE_ENV: "production",
        TURNPIKE_HOME: path.join(home, "node"),
        TURNPIKE_CONTROL_URL: plane.url,
        TURNPIKE_JOIN_TOKEN: plane.joinToken,
        GATEWAY_PORT: String(port),
        GATEWAY_STATUS_PORT: String(statusPort),
        LOG_LEVEL: "info",
      }),
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    const kill = async (): Promise<void> => {
      child.kill("SIGKILL");
      await ended;
    };
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        output = (output + text).slice(-20_000);
      });
    let loaded: number | undefined;
    await until(
      "the node listens",
      () => {
        loaded = listeningRevision(output);
        return loaded !== undefined || child.exitCode !== null;
      },
      START_MAX_MS,
    );
    if (loaded === undefined) throw new Error(`The node did not start:\n${output}`);
    return new RunningNode(loaded, kill);
  }
}

/** What the node's line "listening" says was in force before it had heard anything. */
function listeningRevision(output: string): number | undefined {
  const line = output.split("\n").find((each) => each.includes('"msg":"listening"') && each.endsWith("}"));
  return line === undefined ? undefined : Number(JSON.parse(line).revision);
}
