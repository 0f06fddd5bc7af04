import type { Call } from "#gateway/pipeline/call.ts";
import { Denial } from "#gateway/pipeline/denial.ts";
import { askWebhook, NoVerdict, type Verdict, type WebhookMeans } from "./ask-webhook.ts";
import { blocked, replaceBody } from "./check-request.ts";
import type { CompiledGuards, CompiledWebhook } from "./compiled-guards.ts";
import { promptTexts, type TextPlace } from "./json-text.ts";
import { type Matches, matchNotes, scanTexts } from "./scan-texts.ts";

/** A longer body is not read by guardrails, and so refused where one must read it. */
export const READ_BYTES_MAX = 8 * 1_024 * 1_024;

const UNREADABLE = new Denial(
  "guardrail_blocked",
  `This model's guardrails read prompts of up to ${READ_BYTES_MAX} bytes of JSON, and this body is none.`,
  { rule: "the prompt cannot be read" },
);

function isEnforced(guards: CompiledGuards): boolean {
  return guards.prompt?.isEnforced === true || guards.webhooks.some(({ guard }) => guard.mode === "enforce");
}

function parsed(body: Buffer): object | null {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === "object" && value !== null ? value : null;
  } catch {
    return null;
  }
}

async function checkTexts(call: Call, guards: CompiledGuards, places: readonly TextPlace[]): Promise<Denial | null> {
  if (guards.prompt === null) return null;
  const matches: Matches = new Map();
  const denier = await scanTexts(places, guards.prompt, matches);
  for (const { guard, words, count, mode } of matchNotes(matches, "prompt")) {
    call.allow("guardrail", words, { guard, mode, matches: count });
  }
  if (denier === null) return null;
  return new Denial("guardrail_blocked", `The guardrail "${denier.guard}" refuses this prompt.`, {
    rule: `${denier.guard}: ${denier.detector.label} in the prompt`,
  });
}

function redactAll(places: readonly TextPlace[], redactions: readonly string[], label: string): number {
  let count = 0;
  for (const place of places) {
    let { text } = place;
    for (const each of redactions) {
      const parts = text.split(each);
      count += parts.length - 1;
      text = parts.join(`[${label}]`);
    }
    if (text !== place.text) place.replace(text);
  }
  return count;
}

function obey(
  call: Call,
  { guard }: CompiledWebhook,
  verdict: Verdict | NoVerdict,
  places: readonly TextPlace[],
): Denial | null {
  const facts = { guard: guard.name, mode: guard.mode };
  if (verdict instanceof NoVerdict) {
    if (guard.onError === "deny") return blocked(call, guard, `its server gave no verdict (${verdict.reason})`);
    call.allow("guardrail", `${guard.name}: no verdict (${verdict.reason}), and calls pass then`, facts);
    return null;
  }
  if (verdict.verdict === "allow") {
    call.allow("guardrail", `${guard.name} allows the prompt`, facts);
    return null;
  }
  if (verdict.verdict === "deny") return blocked(call, guard, "its server refuses the prompt");
  if (guard.mode === "shadow") {
    call.allow("guardrail", `${guard.name} would redact the prompt`, facts);
    return null;
  }
  const count = redactAll(places, verdict.redactions, guard.name);
  call.allow("guardrail", `${guard.name} redacts in the prompt`, { ...facts, matches: count });
  return null;
}

async function askAll(call: Call, guards: CompiledGuards, body: object, means: WebhookMeans): Promise<Denial | null> {
  for (const webhook of guards.webhooks) {
    // Each is told of the prompt as the guards before it left it.
    const places = promptTexts(body);
    const sinceMs = means.monotonicMs();
    const question = {
      callId: call.id,
      route: call.route?.name ?? "",
      routeVersion: call.version?.version ?? "",
      action: call.action,
      teamId: call.consumer?.teamId ?? "",
      consumerId: call.consumer?.id ?? "",
      texts: places.map(({ text }) => text),
    };
    const verdict = await askWebhook(webhook, question, means);
    call.waitedMs += means.monotonicMs() - sinceMs;
    const denial = obey(call, webhook, verdict, places);
    if (denial !== null) return denial;
  }
  return null;
}

/**
 * Reads the prompt: searches its texts, then asks the guard servers. What is sent on is the very value that was checked,
 * written anew, so that a body which two parsers read differently gains nothing.
 */
export async function checkPrompt(call: Call, guards: CompiledGuards, means: WebhookMeans): Promise<Denial | null> {
  const { body } = call;
  if (body === null) throw new Error("A call reached its guardrails without a body");
  const value = body.length <= READ_BYTES_MAX ? parsed(body) : null;
  if (value === null) {
    if (isEnforced(guards)) return UNREADABLE;
    call.allow("guardrail", "the prompt cannot be read", { mode: "shadow" });
    return null;
  }
  const denial = (await checkTexts(call, guards, promptTexts(value))) ?? (await askAll(call, guards, value, means));
  if (denial === null && isEnforced(guards)) replaceBody(call, Buffer.from(JSON.stringify(value)));
  return denial;
}
