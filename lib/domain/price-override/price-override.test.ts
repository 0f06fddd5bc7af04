import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "#e2e/support/test-database.ts";
import { stubControlEnvironment } from "#e2e/support/test-environment.ts";
import { ROLE_PERMISSIONS, type Role } from "../../contract/permissions.ts";
import { type Context, systemContext } from "../context.ts";
import { createCredential, updateCredential } from "../credential/index.ts";
import { compileDraft, discardDraft, getDraft } from "../draft/index.ts";
import { searchCatalogue } from "../model/index.ts";
import { publishRevision } from "../revision/index.ts";
import { createRoute } from "../route/index.ts";
import { bootstrapInstallation } from "../setup/bootstrap.ts";
import { inTransaction } from "../transaction.ts";
import { createUpstream, updateUpstream } from "../upstream/index.ts";
import { createPriceOverride, deletePriceOverride, listPriceOverrides, updatePriceOverride } from "./index.ts";

let test: TestDatabase;
let ctx: Context;

beforeAll(async () => {
  stubControlEnvironment();
  test = await createTestDatabase();
  ctx = systemContext(test.database, "test");
  await bootstrapInstallation(test.database, {
    adminEmail: undefined,
    adminPassword: "a-long-test-password",
    bootstrapToken: undefined,
    demoUpstreamUrl: null,
    joinTokens: 0,
  });
});
afterAll(() => test.remove());

function as(role: Role): Context {
  const permissions = ROLE_PERMISSIONS[role];
  return { ...ctx, actor: { kind: "user", id: `usr_${role}`, name: role, role, permissions, scope: "organisation" } };
}

const flat = (dollars: string) => [{ fromTokens: 0, dollars }];
const prices = async () => (await inTransaction(ctx, (tx) => compileDraft(tx, ctx.now()))).document.prices;

describe("an admin's price", () => {
  it("takes the place of the price list's, is versioned with the revision, and goes with the draft", async () => {
    const upstream = await createUpstream(as("admin"), { name: "one", provider: "openai" });
    expect(upstream.baseUrl).toBe("https://api.openai.com/v1");
    await createRoute(as("admin"), { name: "smart", targets: [{ upstreamId: upstream.id, model: "gpt-4o-mini" }] });
    await publishRevision(as("admin"), {});
    const listed = await prices();
    expect(listed.version).toMatch(/^genai-prices@[\d.]+$/);

    const price = { input: flat("0.1"), output: flat("0.2") };
    const one = await createPriceOverride(as("admin"), { provider: "openai", model: "gpt-4o-mini", price });
    await createPriceOverride(as("admin"), { provider: "vllm", model: "own/model", price: { input: flat("0") } });
    const own = await prices();
    expect(own.version).toMatch(/^genai-prices@[\d.]+\+[0-9a-f]{8}$/);
    expect(own.entries.map(({ model, isOverride }) => [model, isOverride])).toEqual([
      ["gpt-4o-mini", true],
      ["own/model", true],
    ]);
    expect(own.entries[0]).toMatchObject({ input: flat("0.1"), cachedInput: null });
    const { changes } = await getDraft(as("auditor"), {});
    expect(changes.map(({ op, resource, name }) => [op, resource, name])).toEqual([
      ["update", "price", "openai/gpt-4o-mini"],
      ["add", "price", "vllm/own/model"],
    ]);
    await publishRevision(as("admin"), {});

    await updatePriceOverride(as("admin"), { id: one.id, patch: { price: { output: flat("0.3") } } });
    expect((await prices()).entries[0]).toMatchObject({ input: flat("0.1"), output: flat("0.3") });
    expect((await prices()).version).not.toBe(own.version);
    await discardDraft(as("admin"), {});
    expect(await prices()).toEqual(own);

    for (const { id } of (await listPriceOverrides(as("admin"), {})).data) {
      await deletePriceOverride(as("admin"), { id });
    }
    expect(await prices()).toEqual(listed);
  });

  it("is an admin's alone, and there is one for each model", async () => {
    const input = { provider: "openai", model: "gpt-4o", price: { input: flat("1") } };
    await expect(createPriceOverride(as("operator"), input)).rejects.toMatchObject({ code: "permission_denied" });
    await createPriceOverride(as("admin"), input);
    await expect(createPriceOverride(as("admin"), input)).rejects.toMatchObject({ code: "conflict" });
    const wrong = { ...input, provider: "nobody", price: { input: flat("1e3") } };
    await expect(createPriceOverride(as("admin"), wrong)).rejects.toMatchObject({
      fields: [{ pointer: "/provider" }, { pointer: "/price/input/0/dollars" }],
    });
  });
});

describe("the catalogue", () => {
  it("is searched by provider and words, page by page, with the draft's prices", async () => {
    const first = await searchCatalogue(as("developer"), { provider: "openai", q: "gpt 4o", limit: 5 });
    expect(first.data).toHaveLength(5);
    expect(first.data.every(({ provider, model }) => provider === "openai" && model.includes("4o"))).toBe(true);
    const second = await searchCatalogue(as("developer"), {
      provider: "openai",
      q: "gpt 4o",
      limit: 200,
      cursor: first.nextCursor ?? undefined,
    });
    expect(second.data.length + 5).toBe(first.total);
    const [priced] = (await searchCatalogue(as("developer"), { provider: "openai", q: "gpt-4o" })).data.filter(
      ({ model }) => model === "gpt-4o",
    );
    expect(priced?.price).toMatchObject({ input: flat("1"), isOverride: true });
    expect(priced?.override).not.toBeNull();
    expect((await searchCatalogue(as("auditor"), {})).total).toBeGreaterThan(1_000);
  });
});

describe("a provider's options and credentials", () => {
  it("fill the address, and it follows them", async () => {
    const made = await createUpstream(as("admin"), {
      name: "bedrock",
      provider: "bedrock",
      options: { region: "eu-central-1" },
    });
    expect(made.baseUrl).toBe("https://bedrock-runtime.eu-central-1.amazonaws.com");
    const moved = await updateUpstream(as("admin"), { id: made.id, patch: { options: { region: "us-east-1" } } });
    expect(moved.baseUrl).toBe("https://bedrock-runtime.us-east-1.amazonaws.com");
    const named = await updateUpstream(as("admin"), { id: made.id, patch: { baseUrl: "https://bedrock.example.com" } });
    expect(named.baseUrl).toBe("https://bedrock.example.com");
  });

  const cases: [string, object, object[]][] = [
    ["an unknown option", { provider: "openai", options: { region: "x" } }, [{ pointer: "/options/region" }]],
    ["a missing option", { provider: "bedrock" }, [{ pointer: "/options/region", code: "missing_option" }]],
    [
      "options that do not fit",
      { provider: "vertex_ai", options: { project: "a/b", location: "../x", publisher: "meta" } },
      [{ pointer: "/options/project" }, { pointer: "/options/location" }, { pointer: "/options/publisher" }],
    ],
    ["no address where there is none", { provider: "vllm" }, [{ pointer: "/baseUrl", code: "required" }]],
    [
      "a credential of another kind",
      {
        provider: "openai",
        credential: {
          kind: "awsKeys",
          secret: '{"accessKeyId":"AKIAIOSFODNN7EXAMPLE","secretAccessKey":"0123456789abcdef"}',
        },
      },
      [{ pointer: "/credential/kind", code: "credential_kind" }],
    ],
    [
      "a credential without its form",
      { provider: "bedrock", options: { region: "us-east-1" }, credential: { kind: "awsKeys", secret: "AKIA" } },
      [{ pointer: "/credential/secret" }],
    ],
  ];
  it.each(cases)("refuse %s", async (name, input, fields) => {
    const asked = createUpstream(as("admin"), { name, provider: "openai", ...input });
    await expect(asked).rejects.toMatchObject({ code: "invalid_request", fields });
  });

  it("are kept by kind", async () => {
    const upstream = await createUpstream(as("admin"), {
      name: "signed",
      provider: "bedrock",
      options: { region: "us-east-1" },
    });
    const secret = JSON.stringify({ accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG" });
    const made = await createCredential(as("admin"), { upstreamId: upstream.id, kind: "awsKeys", secret });
    expect(made).toMatchObject({ kind: "awsKeys", last4: "MPLE" });
    const asked = updateCredential(as("admin"), { id: made.id, patch: { secret: "{}" } });
    await expect(asked).rejects.toMatchObject({ fields: [{ pointer: "/secret" }] });
  });
});
