import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "#e2e/support/test-database.ts";
import { stubControlEnvironment } from "#e2e/support/test-environment.ts";
import { ROLE_PERMISSIONS, type Role } from "../../contract/permissions.ts";
import { type Context, systemContext } from "../context.ts";
import { createJoinToken, deleteJoinToken } from "../join-token/index.ts";
import { newId } from "../new-id.ts";
import { createControlKey } from "../revision/control-key.ts";
import { inTransaction } from "../transaction.ts";
import { createNodeGroup, deleteNodeGroup, getNodeGroup, listNodeGroups, updateNodeGroup } from "./index.ts";

let test: TestDatabase;
let ctx: Context;

beforeAll(async () => {
  stubControlEnvironment();
  test = await createTestDatabase();
  ctx = systemContext(test.database, "test");
  await inTransaction(ctx, (tx) => createControlKey(tx));
});
afterAll(() => test.remove());

function as(role: Role): Context {
  const permissions = ROLE_PERMISSIONS[role];
  return { ...ctx, actor: { kind: "user", id: `usr_${role}`, name: role, role, permissions, scope: "organisation" } };
}

const scaling = { minimum: 1, maximum: 3, targets: { cpu: 0.6 } };
const webhook = { kind: "webhook", url: "https://scaler.example.com/x", secret: "a-secret-of-this-test" } as const;

async function node(group: string) {
  const data = { id: newId("node"), name: "n", group, softwareVersion: "1", signingKey: {}, sealingKey: {} };
  return inTransaction(ctx, (tx) => tx.node.create({ data }));
}

describe("a node group", () => {
  it("is there as `default`, scaled by nobody until a policy says so", async () => {
    const { data } = await listNodeGroups(as("auditor"), {});
    expect(data).toMatchObject([{ id: "ngr_default", name: "default", driver: { kind: "local" }, scaling: null }]);
  });

  it("is made, read, changed by its ETag, audited, and removed", async () => {
    const made = await createNodeGroup(as("operator"), { name: "edge", driver: { kind: "local" }, scaling });
    expect(made).toMatchObject({
      description: "",
      scaling: { ...scaling, scaleUpAt: 1.1, scaleDownAt: 0.8, cooldownDownSeconds: 300 },
      nodes: { total: 0, serving: 0 },
      load: { nodes: 0, needed: 1 },
    });
    expect(await getNodeGroup(as("auditor"), { id: made.id })).toEqual(made);
    const stale = { ...as("operator"), ifMatch: '"7"' };
    await expect(updateNodeGroup(stale, { id: made.id, patch: {} })).rejects.toMatchObject({
      code: "precondition_failed",
    });
    const patch = { description: "near callers", scaling: { maximum: 5, targets: { cpu: null, inFlight: 40 } } };
    const changed = await updateNodeGroup({ ...as("operator"), ifMatch: made.etag }, { id: made.id, patch });
    expect(changed.scaling).toMatchObject({ maximum: 5, targets: { cpu: null, inFlight: 40 } });
    await expect(createNodeGroup(as("operator"), { name: "edge" })).rejects.toMatchObject({ code: "name_taken" });
    await deleteNodeGroup(as("operator"), { id: made.id });
    await expect(getNodeGroup(ctx, { id: made.id })).rejects.toMatchObject({ code: "not_found" });
    const { rows } = await test.owner.query("SELECT action FROM audit_entry WHERE resource_id = $1 ORDER BY id", [
      made.id,
    ]);
    expect(rows.map(({ action }) => action)).toEqual(["nodeGroup.create", "nodeGroup.update", "nodeGroup.delete"]);
  });

  it("is an operator's to change", async () => {
    for (const role of ["auditor", "developer"] as const)
      await expect(createNodeGroup(as(role), { name: "mine" })).rejects.toMatchObject({ code: "permission_denied" });
    await expect(listNodeGroups(as("developer"), {})).rejects.toMatchObject({ code: "permission_denied" });
  });

  it("stays while a node or an open join token names it", async () => {
    await expect(deleteNodeGroup(ctx, { id: "ngr_default" })).rejects.toMatchObject({ code: "in_use" });
    const token = await createJoinToken(as("operator"), { group: "far" });
    const [group] = (await listNodeGroups(ctx, { q: "far" })).data;
    const id = group?.id ?? "";
    await expect(deleteNodeGroup(ctx, { id })).rejects.toMatchObject({ code: "in_use" });
    await deleteJoinToken(ctx, { id: token.id });
    const member = await node("far");
    await expect(deleteNodeGroup(ctx, { id })).rejects.toMatchObject({ code: "in_use" });
    await inTransaction(ctx, (tx) => tx.node.update({ where: { id: member.id }, data: { revokedAt: new Date() } }));
    await deleteNodeGroup(ctx, { id });
  });

  it("comes to be when a node of another release names it", async () => {
    await node("unheard-of");
    expect((await listNodeGroups(ctx, { q: "unheard-of" })).data).toMatchObject([{ driver: { kind: "none" } }]);
  });
});

describe("what is refused", () => {
  const cases: [string, object, string, string][] = [
    ["scaling that nobody carries out", { scaling }, "/scaling", "scaling_without_driver"],
    [
      "a maximum below the minimum",
      { driver: { kind: "local" }, scaling: { ...scaling, minimum: 4 } },
      "/scaling/maximum",
      "custom",
    ],
    [
      "a delay as the only target",
      { driver: { kind: "local" }, scaling: { ...scaling, targets: { eventLoopDelayMs: 9 } } },
      "/scaling/targets",
      "custom",
    ],
    [
      "a cluster that is not there",
      { driver: { kind: "kubernetes", namespace: "a", deployment: "b" } },
      "/driver/kind",
      "not_supported",
    ],
    ["a webhook without a secret", { driver: { ...webhook, secret: undefined } }, "/driver/secret", "required"],
    [
      "a webhook at a metadata address",
      { driver: { ...webhook, url: "http://169.254.169.254/" } },
      "/driver/url",
      "private_address",
    ],
    [
      "a webhook at a private address without leave",
      { driver: { ...webhook, url: "http://10.0.0.1/" } },
      "/driver/url",
      "private_address",
    ],
    [
      "a password in an address",
      { driver: { ...webhook, url: "https://a:b@example.com/" } },
      "/driver/url",
      "credentials_in_url",
    ],
    ["an unknown driver", { driver: { kind: "magic" } }, "/driver/kind", "invalid_union"],
    ["another field", { driver: { kind: "local", url: "x" } }, "/driver/url", "unknown_field"],
  ];
  it.each(cases)("%s", async (_, more, pointer, code) => {
    const asked = createNodeGroup(as("operator"), { name: "wrong", ...more });
    await expect(asked).rejects.toMatchObject({ fields: [{ pointer, code }] });
  });

  it("a private webhook, of those who may not", async () => {
    const driver = { ...webhook, url: "http://10.0.0.1/", allowPrivateNetwork: true };
    await expect(createNodeGroup(as("operator"), { name: "inside", driver })).rejects.toMatchObject({
      code: "permission_denied",
    });
    expect(await createNodeGroup(as("admin"), { name: "inside", driver })).toMatchObject({
      driver: { kind: "webhook", allowPrivateNetwork: true },
    });
  });
});

describe("a webhook's secret", () => {
  it("is never shown, stays when it is not written, and goes with the driver", async () => {
    const made = await createNodeGroup(as("admin"), { name: "hooked", driver: webhook, scaling });
    expect(JSON.stringify(made)).not.toContain(webhook.secret);
    const sealed = async () =>
      (await test.owner.query("SELECT sealed_secret FROM node_group WHERE id = $1", [made.id])).rows[0].sealed_secret;
    const first = await sealed();
    expect(first.toString("latin1")).not.toContain(webhook.secret);
    await updateNodeGroup(as("admin"), { id: made.id, patch: { driver: { url: "https://other.example.com/" } } });
    expect(await sealed()).toEqual(first);
    const local = await updateNodeGroup(as("admin"), { id: made.id, patch: { driver: { kind: "local" } } });
    expect(local.driver).toEqual({ kind: "local" });
    expect(await sealed()).toBeNull();
  });
});
