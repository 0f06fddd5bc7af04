import type { RequestView } from "#lib/domain/request/schemas.ts";

/** Which heading the explanation stands under. */
interface Explanation {
  question: string;
  answer: string;
  /** What the caller, or whoever helps them, can do about it; null when nothing has to be done. */
  remedy: string | null;
}

/** Why a call ended as it did, in words for somebody who did not build this. */
export function explainRequest(call: RequestView): Explanation {
  switch (call.outcome) {
    case "ok":
      return { question: "What happened?", answer: served(call), remedy: null };
    case "cancelled":
      return {
        question: "Why did this call end early?",
        answer: `${callerOf(call)} closed the connection before the answer was complete, so the upstream was told to stop.`,
        remedy: "Tokens up to that moment were used and are charged.",
      };
    case "interrupted":
      return {
        question: "Why was this call interrupted?",
        answer: "The node that served this call stopped while the call ran; its tokens and cost are an estimate.",
        remedy: "The caller can try again.",
      };
    case "denied":
      return { question: "Why was this call refused?", ...refused(call) };
    case "error":
      return { question: "Why did this call fail?", ...failed(call) };
  }
}

const quoted = (text: string | null) => (text === null ? "nothing" : `“${text}”`);
const callerOf = (call: RequestView) => call.consumer?.name ?? (call.consumer ? "The consumer" : "The caller");
const upstreamOf = (call: RequestView) =>
  call.decision.attempts.at(-1)?.upstreamName ?? call.upstream?.name ?? "the upstream";

function served(call: RequestView): string {
  const [first] = call.decision.attempts;
  if (call.cache === "hit")
    return `${callerOf(call)} asked for ${quoted(call.requestedModel)}, and got the answer that route ${call.route ?? ""} had kept of an identical call: nothing was sent to an upstream, and it cost nothing.`;
  const target = call.model ? `${call.model} at ${upstreamOf(call)}` : upstreamOf(call);
  const route = call.route ? `route ${call.route} ${call.version ?? ""}`.trim() : "policy";
  const retries = call.attempts > 1 && first ? ` after ${first.upstreamName} did not answer` : "";
  return `${callerOf(call)} asked for ${quoted(call.requestedModel)}, ${route} sent it to ${target}${retries}, and it was answered.`;
}

type Answer = Pick<Explanation, "answer" | "remedy">;

function refused(call: RequestView): Answer {
  const rule = call.decision.stages.find((stage) => stage.verdict === "deny")?.rule ?? null;
  const caller = callerOf(call);
  switch (call.errorCode) {
    case "guardrail_blocked":
      return {
        answer: `A guardrail of the route did not let it pass (${rule ?? "see the decision"}).`,
        remedy:
          "What matched is not kept. The guardrail is changed at the route's version; in the shadow it only notes.",
      };
    case "rate_limit_exceeded":
      return {
        answer: `${caller} had used up its rate limit (${rule ?? "of its plan"}) at that moment.`,
        remedy: "It works again as the window moves on; a plan with a higher limit helps if this happens often.",
      };
    case "invalid_api_key":
      return {
        answer:
          rule === "no API key"
            ? "The caller sent no API key, so nobody could be identified."
            : "The API key that was sent is not known here: mistyped, revoked, or never issued.",
        remedy: "Check the key, or issue a new one on the API keys page.",
      };
    case "key_expired":
      return { answer: `The API key that ${caller} used has expired.`, remedy: "Issue a new key, or move its expiry." };
    case "consumer_suspended":
      return {
        answer: `${caller} is suspended: all its calls are refused until somebody lifts the suspension.`,
        remedy: "The consumer's page says who suspended it and why.",
      };
    case "model_not_allowed":
      return {
        answer: `${caller} asked for ${quoted(call.requestedModel)}, which its plan or its key does not allow${rule ? ` (${rule})` : ""}.`,
        remedy: "Add the route to the plan or to the key, or call another one.",
      };
    case "model_not_found":
      return {
        answer: `${caller} asked for ${quoted(call.requestedModel)}, and there is no route or version of that name.`,
        remedy: "The list of what a key may call is at GET /v1/models.",
      };
    case "action_not_supported":
      return {
        answer: `${caller} asked ${quoted(call.requestedModel)} for ${call.action}, which none of its upstreams can serve.`,
        remedy: "Call another model, or give the route a target whose provider serves it.",
      };
    case "unsupported_parameter":
      return {
        answer: `The call was written in one vendor's format, and the target's has no place for something in it (${rule ?? "a parameter"}).`,
        remedy: "Leave it out, or let the route's version leave out what a target does not know.",
      };
    case "version_retired":
      return {
        answer: `${caller} asked for ${quoted(call.requestedModel)}, a version that has been retired.`,
        remedy: "Call its successor.",
      };
    default:
      return byRule(call, rule);
  }
}

function byRule(call: RequestView, rule: string | null): Answer {
  const stage = call.decision.stages.find(({ verdict }) => verdict === "deny")?.stage;
  const where = stage === undefined ? "Policy" : `The stage ${quoted(stage)}`;
  return {
    answer: `${where} refused the call${rule === null ? "" : ` by the rule ${quoted(rule)}`} (${call.errorCode ?? call.status}).`,
    remedy: null,
  };
}

function failed(call: RequestView): Answer {
  const count = call.decision.attempts.length;
  const tries =
    count > 1 ? `All ${count} attempts failed; the last was at ${upstreamOf(call)}` : `${upstreamOf(call)} failed`;
  const last = call.decision.attempts.at(-1);
  return {
    answer: `${tries}: ${attemptWords(last?.error ?? null, last?.status ?? null)}.`,
    remedy:
      "The caller can try again; if this goes on, look at the upstream's health and give the route another target.",
  };
}

const attemptErrors: Record<string, string> = {
  connect: "no connection could be made",
  reset: "the connection broke before an answer came",
  timeout_connect: "no connection stood in time",
  timeout_first_byte: "no answer began in time",
  timeout_idle: "the answer stood still for too long",
  timeout_total: "the whole call took too long",
  cancelled: "the caller went away",
  answer: "its answer could not be understood",
  address_not_allowed: "its address may not be called from here",
};

/** How an attempt ended, in words. */
export function attemptWords(error: string | null, status: number | null): string {
  if (error === null) return status === null ? "answered" : `answered with ${status}`;
  if (error === "status") return `it answered with status ${status ?? "of an error"}`;
  return attemptErrors[error] ?? error;
}
