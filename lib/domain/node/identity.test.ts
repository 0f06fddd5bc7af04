import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "#e2e/support/test-database.ts";
import { stubControlEnvironment } from "#e2e/support/test-environment.ts";
import { type Context, systemContext } from "../context.ts";
import { createJoinToken, deleteJoinToken, listJoinTokens } from "../join-token/index.ts";
import { bootstrapInstallation } from "../setup/bootstrap.ts";
import { announceNodeKey, authenticateNode, getNode, joinNode, readReport, removeNode, reportNode } from "./index.ts";
import { announcementOf, joinedNode, joinRequest, publicJwk, reportOf, signedRequest } from "./node-fixtures.ts";

let test: TestDatabase;
let ctx: Context;
const TARGET = "/api/node/v1/report";
const body = Buffer.from('{"a":1}');

beforeAll(async () => {
  stubControlEnvironment();
  test = await createTestDatabase();
  ctx = systemContext(test.database, "test");
  const none = { adminEmail: undefined, bootstrapToken: undefined, demoUpstreamUrl: null, joinTokens: 0 };
  await bootstrapInstallation(test.database, { ...none, adminPassword: "a-long-test-password" });
});
afterAll(() => test.remove());

const at = (laterMs: number): Context => ({ ...ctx, now: () => new Date(Date.now() + laterMs) });

describe("a join token", () => {
  it("for one node lasts ten minutes at most", async () => {
    await expect(createJoinToken(ctx, { ttlSeconds: 601 })).rejects.toMatchObject({ code: "invalid_request" });
    await expect(createJoinToken(ctx, { ttlSeconds: 3_600, usesMax: 2 })).resolves.toMatchObject({ usesMax: 2 });
  });

  it("for several takes exactly so many, however many come at once, and none once it has expired or is taken back", async () => {
    const token = await createJoinToken(ctx, { name: "group", group: "edge", usesMax: 3, ttlSeconds: 3_600 });
    const joins = Array.from({ length: 10 }, () => joinNode(ctx, joinRequest(token.secret).request));
    const joined = (await Promise.allSettled(joins)).filter((join) => join.status === "fulfilled");
    expect(joined).toHaveLength(3);
    const seen = (await listJoinTokens(ctx, {})).data.find(({ id }) => id === token.id);
    expect(seen).toMatchObject({ state: "used", uses: 3, usesMax: 3, usedAt: expect.any(String) });
    expect((await getNode(ctx, { id: joined[0]?.value.nodeId ?? "" })).group).toBe("edge");

    const other = await createJoinToken(ctx, { usesMax: 3, ttlSeconds: 3_600 });
    await joinNode(ctx, joinRequest(other.secret).request);
    const late = joinNode(at(3_601_000), joinRequest(other.secret).request);
    await expect(late).rejects.toMatchObject({ code: "unauthenticated" });
    await deleteJoinToken(ctx, { id: other.id });
    const revoked = joinNode(ctx, joinRequest(other.secret).request);
    await expect(revoked).rejects.toMatchObject({ code: "unauthenticated" });
  });

  it("is not used up by a release that does not work with this one", async () => {
    const { secret } = await createJoinToken(ctx, {});
    for (const wrong of [{ version: "0.9.0" }, { version: "2.1.0" }, { version: "dev" }, { protocolVersion: 2 }]) {
      const refused = joinNode(ctx, joinRequest(secret, wrong).request);
      await expect(refused).rejects.toMatchObject({ code: "version_not_supported" });
    }
    await expect(joinNode(ctx, joinRequest(secret, { version: "0.2.0" }).request)).resolves.toBeDefined();
  });
});

describe("a signed request", () => {
  it("is taken once", async () => {
    const request = await signedRequest(await joinedNode(ctx), TARGET, body);
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => authenticateNode(ctx, request)));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await expect(authenticateNode(ctx, request)).rejects.toMatchObject({ code: "request_replayed" });
  });

  it("is taken within a minute of the control plane's clock, and one outside is told why", async () => {
    const node = await joinedNode(ctx);
    for (const atMs of [-110_000, 65_000]) {
      const request = await signedRequest(node, TARGET, body, { atMs: Date.now() + atMs });
      await expect(authenticateNode(ctx, request)).rejects.toMatchObject({
        code: "clock_skew",
        node: { id: node.nodeId },
      });
    }
    for (const atMs of [-50_000, 50_000]) {
      const request = await signedRequest(node, TARGET, body, { atMs: Date.now() + atMs });
      await expect(authenticateNode(ctx, request)).resolves.toMatchObject({ id: node.nodeId });
    }
    const forever = await signedRequest(node, TARGET, body, { exp: Math.floor(Date.now() / 1_000) + 3_600 });
    await expect(authenticateNode(ctx, forever)).rejects.toMatchObject({ code: "clock_skew" });
  });

  it("of somebody else is the same 401 whatever is wrong with it", async () => {
    const [node, other] = [await joinedNode(ctx), await joinedNode(ctx)];
    const stolen = await signedRequest({ nodeId: node.nodeId, signingKey: other.signingKey }, TARGET, body);
    const unknown = await signedRequest({ ...node, nodeId: "node_none" }, TARGET, body);
    const foreign = await signedRequest(node, TARGET, body, { aud: "another-audience" });
    const moved = { ...(await signedRequest(node, TARGET, body)), target: "/api/node/v1/usage" };
    const changed = { ...(await signedRequest(node, TARGET, body)), body: Buffer.from("{}") };
    const unsigned = { ...(await signedRequest(node, TARGET, body)), authorization: null };
    for (const request of [stolen, unknown, foreign, moved, changed, unsigned]) {
      await expect(authenticateNode(ctx, request)).rejects.toMatchObject({ code: "unauthenticated" });
    }
  });

  it("of a node that was removed is told so only with the node's own signature", async () => {
    const [node, other] = [await joinedNode(ctx), await joinedNode(ctx)];
    await removeNode(ctx, { id: node.nodeId });
    const own = authenticateNode(ctx, await signedRequest(node, TARGET, body));
    await expect(own).rejects.toMatchObject({ code: "node_removed" });
    const forged = await signedRequest({ nodeId: node.nodeId, signingKey: other.signingKey }, TARGET, body);
    await expect(authenticateNode(ctx, forged)).rejects.toMatchObject({ code: "unauthenticated" });
  });
});

describe("a node's next key", () => {
  it("takes the present one's place when it is first used, and what was under way is still taken", async () => {
    const node = await joinedNode(ctx);
    const next = { ...node, signingKey: generateKeyPairSync("ed25519").privateKey };
    const early = authenticateNode(ctx, await signedRequest(next, TARGET, body));
    await expect(early).rejects.toMatchObject({ code: "unauthenticated" });
    const announcement = announcementOf(node.nodeId, next.signingKey);
    await announceNodeKey(ctx, { nodeId: node.nodeId, announcement });
    await announceNodeKey(ctx, { nodeId: node.nodeId, announcement });
    const stillOld = await authenticateNode(ctx, await signedRequest(node, TARGET, body));
    expect(stillOld.signingKey).toEqual(publicJwk(node.signingKey));
    const nowNew = await authenticateNode(ctx, await signedRequest(next, TARGET, body));
    expect(nowNew.signingKey).toEqual(publicJwk(next.signingKey));
    await expect(authenticateNode(ctx, await signedRequest(node, TARGET, body))).resolves.toBeDefined();
    const tooLate = await signedRequest(node, TARGET, body, { atMs: Date.now() + 61_000 });
    await expect(authenticateNode(at(61_000), tooLate)).rejects.toMatchObject({ code: "unauthenticated" });
  });

  it("is refused without its own signature, and for another node", async () => {
    const [node, other] = [await joinedNode(ctx), await joinedNode(ctx)];
    const key = generateKeyPairSync("ed25519").privateKey;
    const unproved = {
      ...announcementOf(node.nodeId, key),
      proof: announcementOf(node.nodeId, other.signingKey).proof,
    };
    for (const announcement of [unproved, announcementOf(other.nodeId, key)]) {
      const refused = announceNodeKey(ctx, { nodeId: node.nodeId, announcement });
      await expect(refused).rejects.toMatchObject({ code: "invalid_request" });
    }
  });
});

describe("a node's report", () => {
  it("of a release one minor number newer is taken without what this one does not know, and that is shown", async () => {
    const { nodeId } = await joinedNode(ctx);
    const newer = { ...reportOf({ version: "0.2.0" }), gpuTemperature: 71 };
    const read = await readReport(ctx, nodeId, { ...newer, utilisation: { ...newer.utilisation, watts: 5 } });
    expect(read.notUnderstood.toSorted()).toEqual(["/gpuTemperature", "/utilisation/watts"]);
    await reportNode(ctx, { nodeId, ...read });
    const { warnings } = await getNode(ctx, { id: nodeId });
    expect(warnings.map(({ code }) => code)).toEqual(["version_newer", "fields_not_understood"]);
    const same = readReport(ctx, nodeId, { ...reportOf(), gpuTemperature: 71 });
    await expect(same).rejects.toMatchObject({ code: "invalid_request" });
  });

  it("of a release too far away is refused with a code that the page shows until it comes with another", async () => {
    const { nodeId } = await joinedNode(ctx);
    const refused = readReport(ctx, nodeId, { version: "0.3.0", unheardOf: true });
    await expect(refused).rejects.toMatchObject({ code: "version_not_supported" });
    expect((await getNode(ctx, { id: nodeId })).warnings).toMatchObject([{ code: "version_not_supported" }]);
    await reportNode(ctx, { nodeId, ...(await readReport(ctx, nodeId, reportOf({ version: "0.0.4" }))) });
    expect((await getNode(ctx, { id: nodeId })).warnings).toMatchObject([{ code: "version_older" }]);
  });

  it("with a clock more than two seconds off is warned about", async () => {
    const { nodeId } = await joinedNode(ctx);
    await reportNode(ctx, { nodeId, report: reportOf({ nodeTime: new Date(Date.now() - 5_000).toISOString() }) });
    expect((await getNode(ctx, { id: nodeId })).warnings).toMatchObject([{ code: "clock_skew" }]);
    await reportNode(ctx, { nodeId, report: reportOf() });
    const fresh = await getNode(ctx, { id: nodeId });
    expect([fresh.warnings, fresh.freshAt]).toEqual([[], expect.any(String)]);
  });
});
