import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addConsumer, plan, policy, route, target, until, upstream, version } from "#gateway/testing/fixtures.ts";
import { Harness, type RawAnswer } from "#gateway/testing/harness.ts";
import { type ForwardedAction, GATEWAY_ACTIONS } from "../../contract/action.ts";
import type { Guardrail } from "../../contract/guardrail.ts";
import type { PolicyDocument } from "../../contract/policy-document.ts";
import type { UsageEvent } from "../../contract/usage-event.ts";
import { compileRouteRule } from "../../policy/plan-allows.ts";
import type { RecordedCall } from "./recorded-call.ts";
import { Replay } from "./replay.ts";
import type { Fate } from "./simulated-node.ts";
import { targetKey } from "./simulated-policy.ts";

/** The shape in which `readCalls` gives a stored event. */
function recorded(event: UsageEvent): RecordedCall {
  const { usage, costNanos, startedAt, consumerId, apiKeyId, asked, parameters, action, ...rest } = event;
  return {
    ...rest,
    action: forwarded(action),
    startedMs: Date.parse(startedAt),
    consumerId: consumerId ?? "",
    apiKeyId: apiKeyId ?? "",
    usage,
    costNanos: costNanos === null ? null : BigInt(costNanos),
    asked: asked ?? null,
    parameters: parameters ?? [],
  };
}

function forwarded(action: string): ForwardedAction {
  const isForwarded = (text: string): text is ForwardedAction =>
    text !== "models" && Object.hasOwn(GATEWAY_ACTIONS, text);
  if (!isForwarded(action)) throw new Error(`${action} is not replayed`);
  return action;
}

let harness: Harness;
const secrets: Record<string, string> = {};
const answers: RawAnswer[] = [];
let document: PolicyDocument;
const REVISION = 2;

function everyPolicy(): PolicyDocument {
  const both = [target("ups_1"), target("ups_2", { weight: 3 })];
  const guard = { kind: "max_prompt", name: "short", mode: "enforce", maxBytes: 400 } satisfies Guardrail;
  const bound = {
    kind: "max_output",
    name: "bound",
    mode: "enforce",
    maxTokens: 50,
    action: "refuse",
  } satisfies Guardrail;
  const names = {
    kind: "parameters",
    name: "plain",
    mode: "enforce",
    rule: "deny",
    names: ["tools"],
  } satisfies Guardrail;
  const limits = (metric: "requests" | "tokens", limit: number) =>
    ({ metric, limit, windowSeconds: 3_600, per: "consumer", mode: "enforce" }) as const;
  return policy(
    [upstream("ups_1", harness.first.url), upstream("ups_2", harness.second.url), upstream("ups_3", harness.first.url)],
    [
      route("turns", [version(both)]),
      route("weights", [version(both, { strategy: "weighted" })]),
      route("tiers", [version([target("ups_1", { priority: 1 }), target("ups_2")], { strategy: "priority" })]),
      route("hash", [version(both, { strategy: "consistent_hash", hashBy: "user" })]),
      route("kept", [version(both, { cache: { ...KEPT, scope: "consumer" } })]),
      route("guarded", [version(both, { guardrails: [guard, bound, names] })]),
      route(
        "aged",
        [
          version([target("ups_1")], { status: "retired" }),
          version([target("ups_2")], { version: "2.0.0", status: "deprecated", sunsetAt: "2099-01-01T00:00:00Z" }),
        ],
        "2.0.0",
      ),
      { ...route("few", [version(both)]), rateLimits: [{ ...limits("requests", 4), per: "route" }] },
    ],
    [
      plan("pln_open"),
      plan("pln_few", { rateLimits: [limits("requests", 6)] }),
      plan("pln_tokens", { rateLimits: [limits("tokens", 3_000)] }),
      plan("pln_narrow", { routes: ["turns", "aged"] }),
    ],
  );
}
const KEPT = { ttlSeconds: 300, onlyTemperatureZero: false, maxEntryBytes: 1_048_576, shared: false } as const;

beforeAll(async () => {
  harness = await Harness.start();
  document = everyPolicy();
  await harness.publish(document);
  secrets.open = harness.secret;
  secrets.few = addConsumer(harness.plane, "con_few", { planId: "pln_few" });
  secrets.tokens = addConsumer(harness.plane, "con_tokens", { planId: "pln_tokens" });
  secrets.narrow = addConsumer(harness.plane, "con_narrow", { planId: "pln_narrow" });
  secrets.idle = addConsumer(harness.plane, "con_idle", { suspendedReason: "unpaid" });
  secrets.key = addConsumer(harness.plane, "con_key", {}, { routes: ["turns"] });
  secrets.lost = addConsumer(harness.plane, "con_lost", { planId: "pln_gone" });
  await until("every consumer is known", async () => (await harness.chat("turns", {}, secrets.lost)).status !== 401);
  await everyCall();
  const served = answers.filter(({ headers }) => headers["x-request-id"] !== undefined);
  for (const answer of served) await harness.event(answer);
}, 120_000);
afterAll(() => harness.stop());

/** One after the other, so that what was decided first is known. */
async function everyCall(): Promise<void> {
  const chat = async (model: string, who: string, more: Record<string, unknown> = {}): Promise<void> => {
    answers.push(await harness.chat(model, more, secrets[who]));
  };
  for (let round = 0; round < 8; round++) {
    for (const model of ["turns", "weights", "tiers", "few", "aged"]) await chat(model, "open", { max_tokens: 20 });
    await chat("hash", "open", { user: `user-${round}` });
    await chat("turns", "few");
    await chat("turns", "tokens", { max_tokens: 700 });
    await chat("kept", "open", { temperature: 0 });
  }
  for (const model of ["aged@1", "aged@2", "aged@3", "nothing", "guarded"]) await chat(model, "open");
  for (const model of ["turns", "weights", "aged"]) await chat(model, "narrow");
  await chat("turns", "key");
  await chat("weights", "key");
  await chat("turns", "idle");
  await chat("turns", "lost");
  await chat("guarded", "open", { messages: [{ role: "user", content: "x".repeat(500) }] });
  await chat("guarded", "open", { max_tokens: 100 });
  await chat("guarded", "open", { tools: [] });
  const headers = { authorization: `Bearer ${secrets.open}`, "x-api-version": "1" };
  const body = JSON.stringify({ model: "aged", messages: [{ role: "user", content: "Say hello" }] });
  answers.push(await harness.send("/v1/chat/completions", body, headers));
  answers.push(await harness.send("/v1/chat/completions", "{broken", { authorization: `Bearer ${secrets.open}` }));
  answers.push(
    await harness.send("/v1/rerank", JSON.stringify({ model: "turns", query: "x", documents: ["y"] }), {
      authorization: `Bearer ${secrets.open}`,
    }),
  );
}

function replayed(draft: PolicyDocument, runningRevision = REVISION) {
  const consumer = (id: string, more: object = {}) => {
    return [id, { id, name: id, teamId: "team_1", planId: "pln_open", suspendedReason: null, ...more }] as const;
  };
  const consumers = new Map([
    consumer("con_1"),
    consumer("con_few", { planId: "pln_few" }),
    consumer("con_tokens", { planId: "pln_tokens" }),
    consumer("con_narrow", { planId: "pln_narrow" }),
    consumer("con_idle", { suspendedReason: "unpaid" }),
    consumer("con_key"),
    consumer("con_lost", { planId: "pln_gone" }),
  ]);
  const keys = new Map([["key_con_key", compileRouteRule(["turns"])]]);
  const replay = new Replay({ number: runningRevision, document }, draft, { consumers, keys });
  const events = harness.plane.events
    .filter(({ action, consumerId }) => action !== "models" && consumerId !== null)
    .toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : a.id < b.id ? -1 : 1));
  const fates: { event: UsageEvent; before: Fate; after: Fate }[] = [];
  for (const event of events) {
    const taken = replay.take(recorded(event));
    if (taken !== null) fates.push({ event, ...taken });
  }
  return { replay, fates };
}

/** What the node's event and a fate have in common, side by side. */
const ofEvent = ({ id, route, routeVersion, costNanos, errorCode, outcome, decision }: UsageEvent) => ({
  id,
  code: outcome === "denied" ? errorCode : null,
  route,
  routeVersion,
  targets: outcome === "denied" ? null : new Set(decision.candidates.map(({ targetId }) => targetId)).size || null,
  costNanos,
});
const ofFate = (id: string, { refusal, route, version, costNanos }: Fate, hasCandidates: boolean) => ({
  id,
  code: refusal?.code ?? null,
  route: route?.name ?? null,
  routeVersion: version?.version ?? null,
  targets: refusal === null && hasCandidates ? (version?.targets.length ?? null) : null,
  costNanos: costNanos?.toString() ?? null,
});

describe("a replay of what a real node decided, on the snapshot it decided by", () => {
  it("decides the same about every call: admitted or refused and why, route, version, targets and cost", () => {
    const { fates } = replayed(document);
    expect(fates.length).toBe(answers.length + 1);
    const codes = new Set(fates.map(({ event }) => event.errorCode));
    for (const code of ["rate_limit_exceeded", "version_retired", "model_not_allowed", "model_not_found"])
      expect(codes).toContain(code);
    for (const code of ["guardrail_blocked", "consumer_suspended", "action_not_supported", "invalid_request"])
      expect(codes).toContain(code);
    expect(fates.some(({ event }) => event.cache === "hit")).toBe(true);
    for (const { event, before } of fates) {
      // A node names the route it refused by plan nowhere in its event, and a simulation may.
      const { route, ...fate } = ofFate(event.id, before, event.decision.candidates.length > 0);
      const { route: routeThen, ...then } = ofEvent(event);
      expect([event.requestedModel, fate]).toEqual([event.requestedModel, then]);
      if (routeThen !== null) expect(route).toBe(routeThen);
    }
  });

  it("makes the choices that strategies made then, where it chooses by itself", () => {
    // As if another revision had been running: nothing recorded is taken over.
    const { fates } = replayed(document, REVISION + 1);
    const chosen = fates.filter(({ event }) => event.attempts > 0);
    expect(chosen.length).toBeGreaterThan(40);
    for (const { event, before } of chosen)
      expect([event.route, event.id, before.target?.key]).toEqual([
        event.route,
        event.id,
        targetKey(event.upstreamId ?? "", event.model ?? ""),
      ]);
  });

  it("finds no difference where the draft is what runs", () => {
    const { replay, fates } = replayed(document);
    for (const { before, after } of fates) {
      expect([after.refusal, after.target?.key, after.costNanos]).toEqual([
        before.refusal,
        before.target?.key,
        before.costNanos,
      ]);
    }
    const view = replay.tally.view();
    expect(view.denied.newly.count).toBe(0);
    expect(view).toMatchObject({ admitted: { count: 0 }, rerouted: { count: 0 }, versions: [], examples: [] });
    expect(view.cost.after).toBe(view.cost.before);
    expect(view.cost.recorded).toBe(view.cost.before);
  });
});
