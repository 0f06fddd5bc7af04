import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "#e2e/support/test-database.ts";
import { stubControlEnvironment } from "#e2e/support/test-environment.ts";
import type { UsageEvent } from "../../contract/usage-event.ts";
import { type Context, systemContext } from "../context.ts";
import { discardDraft, getDraft } from "../draft/index.ts";
import { DomainError } from "../errors.ts";
import { getRevision, publishRevision } from "../revision/index.ts";
import { bootstrapInstallation } from "../setup/bootstrap.ts";
import { createUpstream } from "../upstream/index.ts";
import { ingestUsage } from "../usage/index.ts";
import { actorOf, directoryOf, eventOf } from "../usage/usage-fixtures.ts";
import { createRoute, createVersion, getVersion, listCallers, updateVersion } from "./index.ts";

let test: TestDatabase;
let ctx: Context;
let upstreamId: string;
let chatOnlyId: string;
let routeId: string;
let callers: { consumer: string; team: string; apiKey: string };

const refusal = async (act: Promise<unknown>): Promise<DomainError> => {
  const error: unknown = await act.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof DomainError)) throw new Error("It was not refused");
  return error;
};

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
  const address = { baseUrl: "https://api.example.com" };
  upstreamId = (await createUpstream(ctx, { name: "all", provider: "openai", ...address })).id;
  chatOnlyId = (await createUpstream(ctx, { name: "chat only", provider: "perplexity", ...address })).id;
  routeId = (await createRoute(ctx, { name: "smart", targets: [{ upstreamId, model: "gpt-4o" }] })).id;
  await publishRevision(ctx, { note: "first" });
  callers = await directoryOf(test.database);
  const now = Date.now();
  const call = (sequence: number, more: Partial<UsageEvent>) =>
    eventOf(sequence, {
      consumerId: callers.consumer,
      startedAt: new Date(now - 60_000 + sequence).toISOString(),
      ...more,
    });
  await ingestUsage(ctx, {
    nodeId: "node_a",
    batch: {
      incarnation: "spool-1",
      events: [
        call(1, { parameters: ["messages", "temperature"] }),
        call(2, { parameters: ["messages", "tools", "made_up_by_a_node"] }),
        call(3, { action: "embeddings", parameters: ["input"] }),
        call(4, { status: 410, outcome: "denied", parameters: ["messages"] }),
        call(5, { consumerId: null }),
      ],
    },
  });
});
afterAll(() => test.remove());

describe("who calls a version", () => {
  it("is listed with what for, which parameters, and what was refused", async () => {
    const { data } = await listCallers(ctx, { id: routeId, version: "1.0.0" });
    expect(data).toMatchObject([
      {
        consumer: { id: callers.consumer },
        team: { id: callers.team },
        calls: 4,
        refused: 1,
        actions: ["chat.completions", "embeddings"],
        parameters: ["input", "messages", "temperature", "tools"],
      },
    ]);
    expect((await refusal(listCallers(ctx, { id: routeId, version: "9.0.0" }))).code).toBe("not_found");
    const developer: Context = { ...ctx, actor: actorOf("developer", [callers.team]) };
    expect((await refusal(listCallers(developer, { id: routeId, version: "1.0.0" }))).code).toBe("permission_denied");
  });
});

describe("a minor version", () => {
  it("that drops what callers of the major use is a problem that names them, and is not published without a reason", async () => {
    await createVersion(ctx, {
      id: routeId,
      version: "1.1.0",
      targets: [{ upstreamId: chatOnlyId, model: "sonar" }],
      guardrails: [{ kind: "parameters", name: "plain", rule: "deny", names: ["tools", "seed"] }],
    });
    const draft = await getDraft(ctx, {});
    expect(draft.valid).toBe(false);
    expect(draft.problems.map(({ code, pointer }) => [code, pointer])).toEqual([
      ["incompatible_version", "/versions/1/targets"],
      ["incompatible_version", "/versions/1/guardrails"],
    ]);
    expect(draft.problems[0]?.detail).toMatch(/^1\.1\.0 cannot serve embeddings, which Bot con_\S+ used/);
    expect(draft.problems[1]?.detail).toMatch(/refuses "tools"/);
    const error = await refusal(publishRevision(ctx, { note: "smaller" }));
    expect([error.code, error.fields.length]).toEqual(["incompatible_version", 2]);
    const { number } = await publishRevision(ctx, { note: "smaller", incompatibleBecause: "they were told" });
    const { note, document } = await getRevision(ctx, { number });
    expect(note).toMatch(/^smaller\n.*because: they were told\nsmart: 1\.1\.0 cannot serve embeddings/);
    expect(document.routes[0]?.versions[1]?.guardrails).toMatchObject([{ name: "plain", mode: "enforce" }]);
  });

  it("that serves and takes all of it, and a new major, stand in nobody's way", async () => {
    const targets = [{ upstreamId, model: "gpt-4o" }];
    const guardrails = [
      { kind: "parameters" as const, name: "some", rule: "allow" as const, names: ["temperature", "tools"] },
    ];
    await createVersion(ctx, { id: routeId, version: "1.2.0", targets, guardrails });
    await createVersion(ctx, { id: routeId, version: "2.0.0", targets: [{ upstreamId: chatOnlyId, model: "sonar" }] });
    expect((await getDraft(ctx, {})).problems).toEqual([]);
    await publishRevision(ctx, { note: "more" });
  });
});

describe("guardrails and brown-outs of a version", () => {
  const patch = (more: Record<string, unknown>) => updateVersion(ctx, { id: routeId, version: "1.2.0", patch: more });
  const pointersOf = async (act: Promise<unknown>) => (await refusal(act)).fields.map(({ pointer }) => pointer);

  it("are refused where they could not run, each by its place", async () => {
    const pattern = (source: string) => ({ kind: "pattern", name: "p", action: "deny", patterns: ["fine", source] });
    expect(await pointersOf(patch({ guardrails: [pattern("(")] }))).toEqual(["/guardrails/0/patterns/1"]);
    expect(await pointersOf(patch({ guardrails: [pattern("(?=a)b")] }))).toEqual(["/guardrails/0/patterns/1"]);
    expect(await pointersOf(patch({ guardrails: [{ kind: "webhook", name: "w", upstreamId: "ups_none" }] }))).toEqual([
      "/guardrails/0/upstreamId",
    ]);
    expect(await pointersOf(patch({ guardrails: [pattern("a"), pattern("b")] }))).toEqual(["/guardrails/1/name"]);
    expect(await pointersOf(patch({ guardrails: [{ kind: "max_prompt", name: "m" }] }))).toEqual([
      "/guardrails/0/maxBytes",
    ]);
    expect(await pointersOf(patch({ guardrails: [{ kind: "magic", name: "m" }] }))).toEqual(["/guardrails/0/kind"]);
  });

  it("are kept, published, and brought back when the draft is discarded", async () => {
    const sunsetAt = "2030-01-01T00:00:00.000Z";
    const brownouts = [{ startsAt: "2029-12-01T00:00:00.000Z", durationSeconds: 600 }];
    expect(await pointersOf(patch({ brownouts }))).toEqual(["/brownouts"]);
    expect(await pointersOf(patch({ status: "deprecated", sunsetAt: "2029-11-01T00:00:00.000Z", brownouts }))).toEqual([
      "/brownouts/0",
    ]);
    await patch({ status: "deprecated", sunsetAt, brownouts });
    const { number } = await publishRevision(ctx, { note: "ends" });
    const { document } = await getRevision(ctx, { number });
    const published = document.routes[0]?.versions.find(({ version }) => version === "1.2.0");
    expect(published).toMatchObject({ brownouts, guardrails: [{ name: "some", rule: "allow" }] });
    await patch({ brownouts: [], guardrails: [] });
    await discardDraft(ctx, {});
    expect(await getVersion(ctx, { id: routeId, version: "1.2.0" })).toMatchObject({
      brownouts,
      guardrails: [{ name: "some" }],
    });
  });
});
