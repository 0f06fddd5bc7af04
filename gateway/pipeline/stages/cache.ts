import { type AnswerKey, answerKey } from "#gateway/cache/answer-cache.ts";
import { ageSeconds, type KeptAnswer } from "#gateway/cache/kept-answer.ts";
import { Replay } from "#gateway/cache/replay.ts";
import type { CacheRule } from "#lib/contract/cache-rule.ts";
import { type CallerCacheControl, callerCacheControl } from "#lib/policy/cache-control.ts";
import { CacheBypass } from "#lib/policy/cache-key.ts";
import { answerHeaders } from "../answer-headers.ts";
import { cacheQuestion } from "../cache-question.ts";
import type { Call } from "../call.ts";
import { ALLOW, ANSWERED, Denial, type StageResult } from "../denial.ts";
import type { PipelineParts, Stage } from "../parts.ts";
import { stillAdmitted } from "../still-admitted.ts";

/** How much of a key a decision shows: enough to tell two calls' keys apart. */
const SHOWN_KEY_CHARS = 12;

const CALLER_GONE = new Denial("upstream_error", "The caller went away.", { rule: "caller went away" });

/** What is the same for one call's whole way through this stage. */
interface Lookup {
  readonly rule: CacheRule;
  readonly key: AnswerKey;
  readonly control: CallerCacheControl;
  readonly route: string;
}

function bypass(call: Call, parts: PipelineParts, reason: string): StageResult {
  parts.answers.count(call.route?.name ?? "", "bypass");
  call.allow("cache", "bypass", { reason });
  return ALLOW;
}

/** Milliseconds that are left of the call's time. */
function leftMs(call: Call, parts: PipelineParts): number {
  const totalMs = call.version?.targets[0]?.timeouts.totalMs ?? 0;
  return call.startedMs + totalMs - parts.monotonicMs();
}

/** The identical call's answer, where one is under way and ends well; null otherwise. */
async function awaitFlight(call: Call, parts: PipelineParts, { key }: Lookup): Promise<KeptAnswer | null> {
  const flight = parts.answers.flightOf(key);
  if (flight === undefined) return null;
  const sinceMs = parts.monotonicMs();
  const follower = flight.follow(leftMs(call, parts));
  call.exchange = follower;
  const answer = await follower.answer;
  call.exchange = null;
  call.waitedMs += parts.monotonicMs() - sinceMs;
  return answer;
}

async function findAnswer(call: Call, parts: PipelineParts, lookup: Lookup): Promise<[KeptAnswer, string] | null> {
  const { key, rule, control, route } = lookup;
  const nowMs = parts.nowMs();
  const isFresh = (answer: KeptAnswer): boolean => ageSeconds(answer, nowMs) <= control.maxAgeSeconds;
  const own = parts.answers.find(key, nowMs);
  if (own !== null && isFresh(own)) return [own, "kept on this node"];
  const awaited = await awaitFlight(call, parts, lookup);
  if (awaited !== null) return [awaited, "awaited from an identical call"];
  if (!rule.shared) return null;
  const shared = await parts.answers.findShared(key, route, nowMs);
  return shared !== null && isFresh(shared) ? [shared, "kept for all nodes"] : null;
}

async function serve(call: Call, parts: PipelineParts, answer: KeptAnswer): Promise<StageResult> {
  const ageInSeconds = ageSeconds(answer, parts.nowMs());
  call.cache = "hit";
  call.answeredBy = call.version?.targets.find((target) => target.id === answer.targetId) ?? null;
  const headers = answerHeaders(call, parts.monotonicMs());
  for (const part of answer.headers) headers.push(part);
  headers.push("age", String(ageInSeconds));
  call.firstByteMs = parts.monotonicMs() - call.startedMs;
  call.usage = answer.usage;
  call.status = answer.status;
  call.outcome = "ok";
  const [first] = answer.pieces;
  if (!answer.isStream) {
    const body = first ?? Buffer.alloc(0);
    headers.push("content-length", String(body.length));
    call.reply.whole(answer.status, headers, body);
    return ANSWERED;
  }
  call.reply.begin(answer.status, headers);
  const replay = new Replay(call.reply, answer, Math.max(1_000, leftMs(call, parts)));
  call.exchange = replay;
  replay.resume();
  const isWhole = await replay.done;
  call.exchange = null;
  if (!isWhole) {
    call.status = 499;
    call.outcome = "cancelled";
    call.errorCode = "client_closed_request";
  }
  return ANSWERED;
}

function letThrough(call: Call, parts: PipelineParts, { key, rule, route }: Lookup): void {
  const recording = parts.answers.record(key, route, rule, call.reply);
  call.recording = recording;
  call.reply = recording.through;
}

async function consult(call: Call, parts: PipelineParts, lookup: Lookup): Promise<StageResult> {
  const { key, rule, control, route } = lookup;
  const shown = { key: key.id.slice(0, SHOWN_KEY_CHARS), scope: rule.scope };
  if (control.noCache) {
    parts.answers.count(route, "bypass");
    call.allow("cache", "bypass", { ...shown, reason: "the caller asks for a new answer" });
    letThrough(call, parts, lookup);
    return ALLOW;
  }
  // What cannot be recorded must not be given away: such a call ends at its upstream's door.
  const found = parts.spool.isAccepting ? await findAnswer(call, parts, lookup) : null;
  if (call.isCallerGone) return CALLER_GONE;
  const denial = stillAdmitted(call, parts);
  if (denial !== null) return denial;
  if (found !== null) {
    const [answer, from] = found;
    parts.answers.count(route, "hit");
    call.allow("cache", "hit", { ...shown, from, ageSeconds: ageSeconds(answer, parts.nowMs()) });
    return await serve(call, parts, answer);
  }
  call.cache = "miss";
  parts.answers.count(route, "miss");
  call.allow("cache", "miss", shown);
  letThrough(call, parts, lookup);
  return ALLOW;
}

/**
 * Answers a call as an identical one was answered before, where the version says so. What makes calls identical stands in
 * `lib/policy/cache-key.ts`. Everything about who may call has been decided before; a hit costs nothing.
 */
export const cache: Stage = {
  name: "cache",
  isNeeded: (needs) => needs.isInference || needs.isHttp,
  hasOwnDeadline: true,
  run(call: Call, parts: PipelineParts): StageResult | Promise<StageResult> {
    const rule = call.version?.cache ?? null;
    if (rule === null || call.route === null) return ALLOW;
    const question = cacheQuestion(call, rule);
    if (question instanceof CacheBypass) return bypass(call, parts, question.reason);
    const control = callerCacheControl(question.control);
    if (control.noStore) return bypass(call, parts, "the caller asks that nothing is kept");
    return consult(call, parts, { rule, key: answerKey(question.keyText), control, route: call.route.name });
  },
};
