import { createHash } from "node:crypto";
import { compactDecrypt, exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "#e2e/support/test-database.ts";
import { stubControlEnvironment } from "#e2e/support/test-environment.ts";
import { NODE_API_AUDIENCE, type NodeReport, PublicJwk, type StreamMessage } from "../../contract/node-protocol.ts";
import { ChangeFeed } from "../../db/change-feed.ts";
import { issueApiKey, revokeApiKey } from "../api-key/index.ts";
import { createConsumer, updateConsumer } from "../consumer/index.ts";
import { type Context, systemContext } from "../context.ts";
import { createJoinToken } from "../join-token/index.ts";
import { CHANGE_CHANNEL } from "../notify.ts";
import { createPlan, updatePlan } from "../plan/index.ts";
import { publishRevision } from "../revision/index.ts";
import { createRoute, purgeRouteCache } from "../route/index.ts";
import { bootstrapInstallation } from "../setup/bootstrap.ts";
import { createTeam } from "../team/index.ts";
import { createUpstream } from "../upstream/index.ts";
import {
  authenticateNode,
  FleetHub,
  getNode,
  joinNode,
  type NodePosition,
  removeNode,
  reportNode,
  updateNode,
  watchNode,
} from "./index.ts";

let test: TestDatabase;
let ctx: Context;
let feed: ChangeFeed;
let hub: FleetHub;
const nothing: NodePosition = { epoch: 0, revision: 0, directory: 0, credentials: 0, isPacked: false };

beforeAll(async () => {
  stubControlEnvironment();
  test = await createTestDatabase();
  ctx = systemContext(test.database, "test");
  feed = new ChangeFeed(test.url, CHANGE_CHANNEL);
  hub = new FleetHub(ctx, feed);
  await bootstrapInstallation(test.database, {
    adminEmail: undefined,
    adminPassword: "a-long-test-password",
    bootstrapToken: undefined,
    demoUpstreamUrl: null,
    joinTokens: 0,
  });
});
afterAll(async () => {
  hub.close();
  await feed.close();
  await test.remove();
});

/** A stream being read one message at a time, with a bound on the wait. */
function open(nodeId: string, start = nothing) {
  const stop = new AbortController();
  const source = watchNode(nodeId, start, hub, ctx.now, stop.signal);
  const next = async (kind: StreamMessage["kind"]) => {
    for (;;) {
      const { value, done } = await Promise.race([
        source.next(),
        new Promise<never>((_, reject) => setTimeout(reject, 5_000, new Error(`no ${kind} in 5 s`))),
      ]);
      if (done) throw new Error(`the stream ended before a ${kind}`);
      if (value.kind === kind) return value;
    }
  };
  return { next, stop: () => stop.abort() };
}

async function join(name: string) {
  const sealing = await generateKeyPair("ECDH-ES", { crv: "X25519", extractable: true });
  const signing = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true });
  const { secret } = await createJoinToken(ctx, { name });
  const request = {
    protocolVersion: 1 as const,
    joinToken: secret.split(".")[0] ?? "",
    name,
    version: "0.1.0",
    signingKey: PublicJwk.parse(await exportJWK(signing.publicKey)),
    sealingKey: PublicJwk.parse(await exportJWK(sealing.publicKey)),
  };
  const { nodeId } = await joinNode(ctx, request);
  return { nodeId, request, signingKey: signing.privateKey, sealingKey: sealing.privateKey };
}

function report(changes: Partial<NodeReport>): NodeReport {
  const utilisation = { cpu: 0, rssBytes: 1, eventLoopDelayMs: 0, inFlight: 0, callsPerSecond: 0, spoolEvents: 0 };
  const base = {
    version: "0.1.0",
    state: "serving" as const,
    epoch: 1,
    appliedRevision: 0,
    rejected: null,
    directoryCursor: 0,
    credentialVersion: 0,
    nodeTime: new Date().toISOString(),
    utilisation,
  };
  return { ...base, ...changes };
}

describe("a node's stream", () => {
  it("brings policy, directory and credentials, then each change as it commits", async () => {
    const plan = await createPlan(ctx, { name: "standard" });
    const upstream = await createUpstream(ctx, {
      name: "one",
      provider: "openai",
      baseUrl: "https://api.example.com/v1",
      credential: { kind: "apiKey", secret: "sk-upstream-secret" },
    });
    await publishRevision(ctx, {});
    const team = await createTeam(ctx, { name: "Team" });
    const consumer = await createConsumer(ctx, { name: "bot", teamId: team.id, planId: plan.id });
    const node = await join("streaming");
    const stream = open(node.nodeId);

    const sealed = await stream.next("credentials");
    const opened = await compactDecrypt(sealed.kind === "credentials" ? sealed.sealed : "", node.sealingKey);
    expect(JSON.parse(Buffer.from(opened.plaintext).toString())).toMatchObject({
      nodeId: node.nodeId,
      credentials: [{ upstreamId: upstream.id, secret: "sk-upstream-secret" }],
    });
    expect(JSON.stringify(sealed)).not.toContain("sk-upstream-secret");
    expect(await stream.next("revision")).toMatchObject({ revision: { header: { number: 1, parent: 0 } } });
    expect(await stream.next("directory")).toMatchObject({
      reset: false,
      changes: [{ kind: "consumer", id: consumer.id, body: { planId: plan.id, minRevision: 1 } }],
    });

    const key = await issueApiKey(ctx, { consumerId: consumer.id, name: "k" });
    expect(await stream.next("directory")).toMatchObject({
      changes: [{ kind: "apiKey", id: key.id, body: { consumerId: consumer.id } }],
    });
    await updateConsumer(ctx, { id: consumer.id, patch: { suspended: true, suspendedReason: "leaked" } });
    expect(await stream.next("directory")).toMatchObject({
      changes: [{ id: consumer.id, body: { suspendedReason: "leaked" } }],
    });
    await revokeApiKey(ctx, { id: key.id });
    expect(await stream.next("directory")).toMatchObject({ changes: [{ kind: "apiKey", id: key.id, body: null }] });
    const route = await createRoute(ctx, { name: "kept", targets: [{ upstreamId: upstream.id, model: "m" }] });
    const purgedMs = performance.now();
    await purgeRouteCache(ctx, { id: route.id });
    expect(await stream.next("directory")).toMatchObject({ changes: [{ kind: "routeCache", id: route.id }] });
    expect(performance.now() - purgedMs).toBeLessThan(1_000);
    await updateNode(ctx, { id: node.nodeId, patch: { isDraining: true } });
    expect(await stream.next("command")).toMatchObject({ command: "drain" });
    await updateNode(ctx, { id: node.nodeId, patch: { isDraining: false } });
    expect(await stream.next("command")).toMatchObject({ command: "resume" });
    await removeNode(ctx, { id: node.nodeId });
    expect(await stream.next("command")).toMatchObject({ command: "remove" });
    await expect(stream.next("hello")).rejects.toThrow("ended");
  });

  it("does not offer a rejected revision again, not even after a reconnect, and offers the next one", async () => {
    const plan = await createPlan(ctx, { name: "changing" });
    const { number: bad } = await publishRevision(ctx, {});
    const node = await join("rejecting");
    const stream = open(node.nodeId);
    expect(await stream.next("revision")).toMatchObject({ revision: { header: { number: bad } } });
    const rejected = { revision: bad, code: "invalid_document", path: "/plans/0", message: "unknown field" };
    await reportNode(ctx, { nodeId: node.nodeId, report: report({ appliedRevision: bad - 1, rejected }) });
    expect(await getNode(ctx, { id: node.nodeId })).toMatchObject({
      appliedRevision: bad - 1,
      wantedRevision: bad,
      rejected,
    });
    stream.stop();

    const again = open(node.nodeId, { ...nothing, epoch: 1, revision: bad - 1 });
    await updatePlan(ctx, {
      id: plan.id,
      patch: { description: "not policy", rateLimits: [{ metric: "requests", limit: 1, windowSeconds: 1 }] },
    });
    const { number: good } = await publishRevision(ctx, {});
    expect(await again.next("revision")).toMatchObject({ revision: { header: { number: good } } });
    await reportNode(ctx, { nodeId: node.nodeId, report: report({ appliedRevision: good }) });
    expect(await getNode(ctx, { id: node.nodeId })).toMatchObject({
      appliedRevision: good,
      rejected: null,
      state: "serving",
    });
    again.stop();
  });

  it("starts a node anew that comes with another epoch or from a directory that this one has not reached", async () => {
    const node = await join("foreign");
    const stream = open(node.nodeId, {
      ...nothing,
      epoch: 9,
      revision: 400,
      directory: 10_000,
      credentials: 7,
    });
    expect(await stream.next("hello")).toMatchObject({ epoch: 1 });
    expect(await stream.next("revision")).toBeDefined();
    expect(await stream.next("directory")).toMatchObject({ reset: true });
    stream.stop();
  });
});

describe("joining and signing", () => {
  it("takes a join token once, and only while it lasts", async () => {
    const node = await join("once");
    await expect(joinNode(ctx, { ...node.request, name: "twice" })).rejects.toMatchObject({ code: "unauthenticated" });
    const { secret } = await createJoinToken(ctx, { ttlSeconds: 10 });
    const later = { ...ctx, now: () => new Date(Date.now() + 11_000) };
    await expect(joinNode(later, { ...node.request, joinToken: secret.split(".")[0] ?? "" })).rejects.toMatchObject({
      code: "unauthenticated",
    });
    const raced = await createJoinToken(ctx, { name: "raced" });
    const races = await Promise.allSettled(
      Array.from({ length: 6 }, () => joinNode(ctx, { ...node.request, joinToken: raced.secret.split(".")[0] ?? "" })),
    );
    expect(races.filter((race) => race.status === "fulfilled")).toHaveLength(1);
  });

  it("knows a node by its own signature over method, target and body, and a removed one not at all", async () => {
    const node = await join("signing");
    const body = Buffer.from('{"a":1}');
    const signed = {
      method: "POST",
      target: "/api/node/v1/report",
      body,
      authorization: `Bearer ${await sign(node, "POST", "/api/node/v1/report", body)}`,
    };
    expect((await authenticateNode(ctx, signed)).id).toBe(node.nodeId);
    const other = await join("other");
    const forged = await sign({ ...node, signingKey: other.signingKey }, "POST", "/api/node/v1/report", body);
    for (const wrong of [
      { body: Buffer.from("{}") },
      { target: "/api/node/v1/usage" },
      { method: "PUT" },
      { authorization: null },
      { authorization: `Bearer ${forged}` },
    ]) {
      await expect(authenticateNode(ctx, { ...signed, ...wrong })).rejects.toMatchObject({ code: "unauthenticated" });
    }
    await removeNode(ctx, { id: node.nodeId });
    await expect(authenticateNode(ctx, signed)).rejects.toMatchObject({ code: "node_removed" });
  });
});

function sign(node: Awaited<ReturnType<typeof join>>, method: string, target: string, body: Buffer): Promise<string> {
  const claims = {
    htm: method,
    htu: target,
    bsh: createHash("sha256").update(body).digest("base64url"),
    jti: crypto.randomUUID(),
  };
  return new SignJWT(claims)
    .setProtectedHeader({ alg: "EdDSA" })
    .setIssuer(node.nodeId)
    .setAudience(NODE_API_AUDIENCE)
    .setIssuedAt()
    .setExpirationTime("60s")
    .sign(node.signingKey);
}
