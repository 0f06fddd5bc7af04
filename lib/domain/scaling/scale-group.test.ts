import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createTestDatabase, type TestDatabase } from "#e2e/support/test-database.ts";
import { stubControlEnvironment } from "#e2e/support/test-environment.ts";
import { scaleGroupsJob } from "../../jobs/scale-groups.ts";
import { type Context, systemContext } from "../context.ts";
import { newId } from "../new-id.ts";
import { joinNode, listNodes, reportNode } from "../node/index.ts";
import { RELEASE } from "../node/release.ts";
import { createNodeGroup, getNodeGroup, listScalingDecisions, updateNodeGroup } from "../node-group/index.ts";
import { createControlKey } from "../revision/control-key.ts";
import { inTransaction } from "../transaction.ts";
import { signatureOf } from "./drivers/webhook.ts";
import { claimGroups, releaseGroup, scaleGroup } from "./index.ts";
import { removeGoneNodes } from "./remove-gone.ts";

const T0 = Date.parse("2026-11-24T12:00:00.000Z");
const SECRET = "a-secret-of-this-test";

let test: TestDatabase;
let base: Context;
let folder: string;
let servers: Server[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "turnpike-scaling-"));
  stubControlEnvironment();
  vi.stubEnv("TURNPIKE_KUBECONFIG", join(folder, "kubeconfig"));
  test = await createTestDatabase();
  base = systemContext(test.database, "test");
});
afterEach(async () => {
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve).closeAllConnections())));
  servers = [];
  await test.owner.query("DELETE FROM node");
  await test.owner.query("DELETE FROM node_group WHERE name <> 'default'");
});
afterAll(async () => {
  await test.remove();
  rmSync(folder, { recursive: true });
});

/** `seconds` after the test's beginning. */
function at(seconds: number): Context {
  return { ...base, now: () => new Date(T0 + seconds * 1_000) };
}

/** Nodes of a group that reported a moment ago. */
async function report(group: string, names: readonly string[], cpu: number, seconds: number, more: object = {}) {
  await inTransaction(base, async (tx) => {
    for (const name of names) {
      const utilisation = { cpu, rssBytes: 1, eventLoopDelayMs: 0, inFlight: 0, callsPerSecond: 0, spoolEvents: 0 };
      const lastSeenAt = new Date(T0 + seconds * 1_000);
      const known = await tx.node.findFirst({ where: { group, name } });
      const data = { state: "serving", utilisation, lastSeenAt, ...more };
      if (known) await tx.node.update({ where: { id: known.id }, data });
      else
        await tx.node.create({
          data: { id: newId("node"), name, group, softwareVersion: "1", signingKey: {}, sealingKey: {}, ...data },
        });
    }
  });
}

type Answering = (request: IncomingMessage, body: string) => { status: number; body?: unknown } | null;

/** A server on a loopback port; null leaves a request unanswered. */
async function serve(answer: Answering): Promise<string> {
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => {
      body += chunk;
    });
    request.on("end", () => {
      const given = answer(request, body);
      if (given === null) return;
      response.writeHead(given.status, { "content-type": "application/json" }).end(JSON.stringify(given.body ?? {}));
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
}

const scaling = { minimum: 1, maximum: 4, targets: { cpu: 0.5 }, cooldownUpSeconds: 10, cooldownDownSeconds: 20 };
const story = async (id: string) => (await listScalingDecisions(base, { id })).data;

describe("the local driver", () => {
  const supervisor = { id: "0b0e6c9e-0000-4000-8000-000000000001", nodesMax: 3 };

  it("tells one supervisor how many nodes to run, up and down, and keeps the figures", async () => {
    const { id } = await createNodeGroup(base, { name: "here", driver: { kind: "local" }, scaling });
    await report("here", ["a"], 0.9, 0, { supervisor });
    await report("here", ["elsewhere"], 0.9, 0, { supervisor: { ...supervisor, id: `${supervisor.id}2` } });
    await scaleGroup(at(0), id);
    expect(await getNodeGroup(at(0), { id })).toMatchObject({
      wantedNodes: 2,
      observed: { nodes: 1, supervisor: supervisor.id, problem: expect.stringContaining("at most 3") },
    });
    await report("here", ["a", "b"], 0.9, 5, { supervisor });
    await scaleGroup(at(5), id);
    expect((await getNodeGroup(at(5), { id })).wantedNodes).toBe(2);
    await report("here", ["a", "b"], 0.9, 15, { supervisor });
    await scaleGroup(at(15), id);
    await report("here", ["a", "b", "c"], 0.9, 30, { supervisor });
    await scaleGroup(at(30), id);
    for (const seconds of [40, 50, 61]) {
      await report("here", ["a", "b", "c"], 0.01, seconds, { supervisor });
      await scaleGroup(at(seconds), id);
    }
    expect((await getNodeGroup(at(61), { id })).wantedNodes).toBe(1);
    expect(
      (await story(id)).map(({ kind, fromNodes, toNodes, reason, state }) => [kind, fromNodes, toNodes, reason, state]),
    ).toEqual([
      ["down", 3, 1, "load_low", "done"],
      ["held", 3, 3, "at_maximum", "none"],
      ["up", 2, 3, "load_high", "done"],
      ["up", 1, 2, "load_high", "done"],
    ]);
    const [, , , first] = await story(id);
    expect(first).toMatchObject({
      sentence: "1 → 2 nodes: CPU was 90 % a node, the target is 50 %.",
      figures: { nodes: 1, reporting: 1, metrics: [{ metric: "cpu", perNode: 0.9, target: 0.5 }] },
    });
  });

  it("takes nothing away while a node is silent, and says so once", async () => {
    const { id } = await createNodeGroup(base, {
      name: "silent",
      driver: { kind: "local" },
      scaling: { ...scaling, minimum: 2 },
    });
    await report("silent", ["a"], 0.1, 0, { supervisor });
    await scaleGroup(at(0), id);
    await updateNodeGroup(base, { id, patch: { scaling: { minimum: 1 } } });
    for (let seconds = 5; seconds < 300; seconds += 5) {
      await report("silent", ["a"], 0, seconds, { supervisor });
      await scaleGroup(at(seconds), id);
    }
    expect((await getNodeGroup(at(300), { id })).wantedNodes).toBe(2);
    expect((await story(id)).map(({ reason }) => reason)).toEqual(["reports_missing", "below_minimum"]);
  });

  it("says when there is no supervisor", async () => {
    const { id } = await createNodeGroup(base, { name: "alone", driver: { kind: "local" }, scaling });
    await report("alone", ["a"], 0.9, 0);
    await scaleGroup(at(0), id);
    expect((await getNodeGroup(at(0), { id })).observed?.problem).toContain("GATEWAY_NODES_MAX");
    expect(await story(id)).toEqual([]);
  });
});

describe("what a supervisor is told", () => {
  const supervisor = { id: "0b0e6c9e-0000-4000-8000-000000000003", nodesMax: 4 };
  const other = { ...supervisor, id: "0b0e6c9e-0000-4000-8000-000000000004" };
  const idle = { cpu: 0, rssBytes: 1, eventLoopDelayMs: 0, inFlight: 0, callsPerSecond: 0, spoolEvents: 0 };
  const counters = { epoch: 1, appliedRevision: 0, directoryCursor: 0, credentialVersion: 0 };

  beforeAll(() =>
    inTransaction(base, async (tx) => {
      await tx.installation.create({ data: { id: 1, name: "Test" } });
      await createControlKey(tx);
    }),
  );

  async function told(name: string, seconds: number, more: object) {
    const node = await inTransaction(base, (tx) => tx.node.findFirstOrThrow({ where: { name } }));
    const nodeTime = new Date(T0 + seconds * 1_000).toISOString();
    const report = {
      version: "1",
      state: "serving" as const,
      ...counters,
      rejected: null,
      nodeTime,
      utilisation: idle,
    };
    const answer = await reportNode(at(seconds), { nodeId: node.id, report: { ...report, ...more } });
    return { wantedNodes: answer.wantedNodes, joinToken: answer.joinToken };
  }

  it("is the number, to the one that is scaled, and tokens for the nodes that it lacks and no more", async () => {
    const { id } = await createNodeGroup(base, { name: "told", driver: { kind: "local" } });
    await report("told", ["a"], 0.9, 0, { supervisor });
    await report("told", ["far"], 0.9, 0, { supervisor: other });
    await report("told", ["single"], 0.9, 0);
    expect(await told("a", 0, { supervisor })).toEqual({ wantedNodes: null });
    await updateNodeGroup(base, { id, patch: { scaling: { ...scaling, minimum: 3 } } });
    expect(await told("a", 1, { supervisor })).toEqual({});
    await scaleGroup(at(2), id);
    expect(await told("a", 3, { supervisor })).toEqual({ wantedNodes: 3 });
    expect(await told("far", 3, { supervisor: other, asksForJoinToken: true })).toEqual({});
    expect(await told("single", 3, {})).toEqual({});
    const asking = { supervisor, asksForJoinToken: true };
    const tokens = [await told("a", 4, asking), await told("a", 5, asking)].map(({ joinToken }) => joinToken ?? "");
    expect(new Set(tokens.filter((token) => /^tpj_\w+\.[\w-]{43}$/.test(token))).size).toBe(2);
    expect(await told("a", 6, asking)).toEqual({ wantedNodes: 3 });
    const keys = { kty: "OKP" as const, x: "x" };
    const joined = await joinNode(at(7), {
      protocolVersion: 1,
      joinToken: tokens[0]?.split(".")[0] ?? "",
      name: "b",
      version: RELEASE,
      signingKey: { ...keys, crv: "Ed25519" },
      sealingKey: { ...keys, crv: "X25519" },
    });
    expect(joined.group).toBe("told");
    expect(await told("a", 8, asking)).toEqual({ wantedNodes: 3 });
    const { rows } = await test.owner.query("SELECT after FROM audit_entry WHERE action = 'joinToken.create'");
    expect(rows.map(({ after }) => after.group)).toEqual(["told", "told"]);
    // A token that was not used in its minute makes room for another.
    expect((await told("a", 70, asking)).joinToken).toBeDefined();
  });

  it("is nothing any more once a node has gone in order, and the node counts no longer", async () => {
    await createNodeGroup(base, { name: "told", driver: { kind: "local" } });
    await report("told", ["a"], 0.9, 0, { supervisor });
    await told("a", 1, { supervisor, state: "draining", isLast: true });
    const [node] = (await listNodes(at(2), { group: "told" })).data;
    expect(node).toMatchObject({ state: "offline", stoppedAt: at(1).now().toISOString() });
    await told("a", 3, { supervisor });
    expect((await listNodes(at(4), { group: "told" })).data).toMatchObject([{ state: "serving", stoppedAt: null }]);
  });
});

describe("nodes of pods that are gone", () => {
  it("are removed an hour after their last report, or a day after they fell silent", async () => {
    const driver = { kind: "kubernetes", namespace: "edge", deployment: "gateway" } as const;
    await createNodeGroup(base, { name: "gone", driver });
    await report("gone", ["stopped"], 0, 0, { stoppedAt: at(0).now() });
    await report("gone", ["silent"], 0, 0);
    await report("here-to-stay", ["stopped"], 0, 0, { stoppedAt: at(0).now() });
    const left = async (seconds: number) => {
      await inTransaction(base, (tx) => removeGoneNodes({ ...at(seconds), tx }));
      const rows = await inTransaction(base, (tx) => tx.node.findMany({ where: { revokedAt: null } }));
      return rows.map(({ group, name }) => `${group}/${name}`).toSorted();
    };
    expect(await left(3_599)).toEqual(["gone/silent", "gone/stopped", "here-to-stay/stopped"]);
    expect(await left(3_601)).toEqual(["gone/silent", "here-to-stay/stopped"]);
    expect(await left(86_401)).toEqual(["here-to-stay/stopped"]);
  });
});

describe("the webhook driver", () => {
  it("sends a signed order once, and drains those that go", async () => {
    const orders: { body: string; headers: IncomingMessage["headers"] }[] = [];
    const url = await serve(({ headers }, body) => {
      orders.push({ headers, body });
      return { status: 202 };
    });
    const driver = { kind: "webhook", url, secret: SECRET, allowPrivateNetwork: true } as const;
    const { id } = await createNodeGroup(base, { name: "hooked", driver, scaling });
    await report("hooked", ["a"], 0.9, 0);
    await scaleGroup(at(0), id);
    const [order] = orders;
    const [, seconds, signature] =
      /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(order?.headers["x-turnpike-signature"])) ?? [];
    expect(Number(seconds)).toBe(T0 / 1_000);
    expect(signature).toBe(signatureOf(SECRET, T0 / 1_000, order?.body ?? ""));
    const sent = JSON.parse(order?.body ?? "{}");
    expect(sent).toMatchObject({
      event: "nodeGroup.scale",
      group: { id, name: "hooked" },
      fromNodes: 1,
      toNodes: 2,
      leaving: [],
    });
    expect(order?.headers["idempotency-key"]).toBe(sent.decisionId);
    for (const seconds of [20, 30, 41]) {
      await report("hooked", ["a", "b"], 0.01, seconds);
      await scaleGroup(at(seconds), id);
    }
    expect(JSON.parse(orders[1]?.body ?? "{}")).toMatchObject({ toNodes: 1, leaving: [{ name: "b" }] });
    const draining = await inTransaction(base, (tx) => tx.node.findMany({ where: { isDraining: true } }));
    expect(draining.map(({ name }) => name)).toEqual(["b"]);
    expect(orders).toHaveLength(2);
  });

  it("tries again with the same id, ever more rarely, and gives up", async () => {
    const ids: string[] = [];
    const url = await serve((_, body) => {
      ids.push(JSON.parse(body).decisionId);
      return { status: 503 };
    });
    const driver = { kind: "webhook", url, secret: SECRET, allowPrivateNetwork: true } as const;
    const { id } = await createNodeGroup(base, {
      name: "failing",
      driver,
      scaling: { ...scaling, cooldownUpSeconds: 600 },
    });
    for (let seconds = 0; seconds < 300; seconds += 5) {
      await report("failing", ["a"], 0.9, seconds);
      await scaleGroup(at(seconds), id);
    }
    expect(ids).toHaveLength(5);
    expect(new Set(ids).size).toBe(1);
    expect(await story(id)).toMatchObject([
      { state: "failed", attempts: 5, error: "The webhook answered with status 503." },
    ]);
    expect((await getNodeGroup(base, { id })).wantedNodes).toBeNull();
  });

  it("never calls an address that is not allowed, by whatever name", async () => {
    const driver = { kind: "webhook", url: "http://localhost.example.invalid:1/", secret: SECRET } as const;
    const { id } = await createNodeGroup(base, { name: "guarded", driver, scaling });
    await test.owner.query("UPDATE node_group SET driver = jsonb_set(driver, '{url}', $2) WHERE id = $1", [
      id,
      '"http://127.0.0.1:1/"',
    ]);
    await report("guarded", ["a"], 0.9, 0);
    await scaleGroup(at(0), id);
    expect(await story(id)).toMatchObject([{ state: "open", error: "The webhook's address is not allowed." }]);
    await test.owner.query("UPDATE node_group SET driver = jsonb_set(driver, '{url}', $2) WHERE id = $1", [
      id,
      '"http://localhost:1/"',
    ]);
    await scaleGroup(at(6), id);
    expect(await story(id)).toMatchObject([
      { attempts: 2, error: "The webhook could not be reached: its address is not allowed." },
    ]);
  });
});

describe("the kubernetes driver", () => {
  const PATH = "/apis/apps/v1/namespaces/edge/deployments/gateway/scale";
  const driver = { kind: "kubernetes", namespace: "edge", deployment: "gateway" } as const;

  async function cluster(answer: Answering): Promise<void> {
    const server = await serve(answer);
    const config = {
      apiVersion: "v1",
      kind: "Config",
      "current-context": "c",
      // The client sends no token over plain HTTP unless told so.
      clusters: [{ name: "k", cluster: { server, "insecure-skip-tls-verify": true } }],
      users: [{ name: "u", user: { token: "token-of-this-test" } }],
      contexts: [{ name: "c", context: { cluster: "k", user: "u" } }],
    };
    writeFileSync(join(folder, "kubeconfig"), JSON.stringify(config));
  }
  const scale = (replicas: number) => ({
    apiVersion: "autoscaling/v1",
    kind: "Scale",
    spec: { replicas },
    status: { replicas },
  });

  it("reads and sets the Deployment's scale, and nothing else of it", async () => {
    let replicas = 1;
    const asked: string[] = [];
    await cluster(({ method, url, headers }, body) => {
      asked.push(`${method} ${url} ${headers["content-type"] ?? ""} ${headers.authorization ?? ""} ${body}`.trim());
      if (url !== PATH) return { status: 404 };
      if (method === "PATCH") replicas = JSON.parse(body).spec.replicas;
      return { status: 200, body: scale(replicas) };
    });
    const { id } = await createNodeGroup(base, { name: "pods", driver, scaling });
    await report("pods", ["a"], 1.2, 0);
    await scaleGroup(at(0), id);
    expect(replicas).toBe(3);
    expect(asked[0]).toMatch(new RegExp(`^GET ${PATH} .*Bearer token-of-this-test$`));
    expect(asked[1]).toBe(
      `PATCH ${PATH} application/merge-patch+json Bearer token-of-this-test {"spec":{"replicas":3}}`,
    );
    expect(asked).toHaveLength(2);
    expect(await story(id)).toMatchObject([{ state: "done", fromNodes: 1, toNodes: 3 }]);
  });

  it("says what is in its way: no right, no Deployment, no answer, nobody there", async () => {
    const { id } = await createNodeGroup(base, { name: "pods", driver, scaling });
    const problem = async (seconds: number) => {
      await report("pods", ["a"], 1.2, seconds);
      await scaleGroup(at(seconds), id);
      return (await getNodeGroup(base, { id })).observed?.problem;
    };
    await cluster(() => ({ status: 403, body: { kind: "Status", message: "secret detail" } }));
    expect(await problem(0)).toBe(
      'The cluster does not allow it: give the account the verb get on deployments/scale of "gateway" in the namespace "edge".',
    );
    await cluster(() => ({ status: 404 }));
    expect(await problem(5)).toBe('There is no Deployment "gateway" in the namespace "edge".');
    await cluster(() => ({ status: 401 }));
    expect(await problem(10)).toContain("credentials");
    await cluster(({ method }) => (method === "GET" ? { status: 200, body: scale(1) } : { status: 403 }));
    await problem(15);
    expect(await story(id)).toMatchObject([{ state: "open", error: expect.stringContaining("the verb patch") }]);
    await cluster(() => null);
    expect(await problem(20)).toBe("The cluster did not answer in 5 s.");
    writeFileSync(join(folder, "kubeconfig"), "{}");
    expect(await problem(25)).toBe("The cluster could not be reached.");
  });
});

describe("several replicas", () => {
  it("look at a group one at a time, and a dead one's claim ends by itself", async () => {
    const { id } = await createNodeGroup(base, { name: "shared", driver: { kind: "local" }, scaling });
    const claim = (seconds: number) => inTransaction(at(seconds), (tx) => claimGroups(tx, at(seconds).now()));
    expect(await claim(0)).toEqual([id]);
    expect(await claim(1)).toEqual([]);
    expect(await claim(31)).toEqual([id]);
    await releaseGroup(base, id);
    const round = await inTransaction(base, (tx) => scaleGroupsJob.run({ ...base, tx }));
    if (typeof round === "function") await round(base);
    expect((await getNodeGroup(base, { id })).observed?.problem).toContain("supervisor");
    expect(await claim(32)).toEqual([id]);
  });
});
