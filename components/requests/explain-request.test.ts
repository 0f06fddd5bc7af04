import { describe, expect, it } from "vitest";
import { RequestView } from "#lib/domain/request/schemas.ts";
import { attemptWords, explainRequest } from "./explain-request.ts";

function callOf(parts: Partial<RequestView>): RequestView {
  return RequestView.parse({
    id: "req_1",
    time: "2026-11-24T10:00:00.000Z",
    team: null,
    consumer: { id: "con_1", name: "support-chat" },
    apiKey: null,
    endUser: null,
    action: "chat.completions",
    requestedModel: "smart",
    route: "smart",
    version: "2.0.0",
    upstream: { id: "ups_1", name: "openai-eu" },
    provider: "openai",
    model: "gpt-4.1",
    node: null,
    revision: 5,
    status: 200,
    outcome: "ok",
    errorCode: null,
    stream: false,
    attempts: 1,
    cache: "bypass",
    inputTokens: 10,
    cachedInputTokens: 0,
    outputTokens: 5,
    reasoningTokens: 0,
    usageSource: "upstream",
    cost: "0.00",
    durationMs: 200,
    firstByteMs: 190,
    sourceAddress: "10.0.0.1",
    userAgent: null,
    priceVersion: null,
    decision: { revision: 5, stages: [], candidates: [], attempts: [], price: null },
    ...parts,
  });
}

const denied = (errorCode: string, rule: string, stage = "authorize") =>
  callOf({
    status: 403,
    outcome: "denied",
    errorCode,
    decision: { revision: 5, stages: [{ stage, verdict: "deny", rule }], candidates: [], attempts: [], price: null },
  });
const attempt = (upstreamName: string, error: string | null, status: number | null) => ({
  targetId: "tgt_1",
  upstreamId: "ups_1",
  upstreamName,
  model: "gpt-4.1",
  startedAtMs: 1,
  durationMs: 10,
  status,
  error,
});

describe("explainRequest", () => {
  it("says that a hit went to no upstream", () => {
    const { answer } = explainRequest(callOf({ cache: "hit", attempts: 0 }));
    expect(answer).toContain("route smart had kept");
    expect(answer).toContain("nothing was sent to an upstream");
  });

  it("names the limit that refused a call", () => {
    const { question, answer } = explainRequest(
      denied("rate_limit_exceeded", "plan free: 20 requests in 60 s", "limit"),
    );
    expect(question).toBe("Why was this call refused?");
    expect(answer).toContain("support-chat");
    expect(answer).toContain("plan free: 20 requests in 60 s");
  });

  it("tells a missing key from an unknown one", () => {
    expect(explainRequest(denied("invalid_api_key", "no API key", "identify")).answer).toContain("sent no API key");
    expect(explainRequest(denied("invalid_api_key", "unknown API key", "identify")).answer).toContain("not known here");
  });

  it("names stage and rule of a refusal it has no words for", () => {
    const { answer } = explainRequest(denied("request_too_large", "body", "readBody"));
    expect(answer).toBe("The stage “readBody” refused the call by the rule “body” (request_too_large).");
  });

  it("says which upstream failed last and how, after how many attempts", () => {
    const attempts = [attempt("openai-us", "status", 503), attempt("openai-eu", "timeout_first_byte", null)];
    const decision = { revision: 5, stages: [], candidates: [], attempts, price: null };
    const { answer } = explainRequest(callOf({ outcome: "error", status: 504, attempts: 2, decision }));
    expect(answer).toBe("All 2 attempts failed; the last was at openai-eu: no answer began in time.");
  });

  it("says that a retry saved a call", () => {
    const attempts = [attempt("openai-us", "status", 503), attempt("openai-eu", null, 200)];
    const decision = { revision: 5, stages: [], candidates: [], attempts, price: null };
    expect(explainRequest(callOf({ attempts: 2, decision })).answer).toContain("after openai-us did not answer");
  });

  it("has an answer for a call about which nothing is known", () => {
    const call = callOf({ outcome: "denied", status: 503, errorCode: null, consumer: null, requestedModel: null });
    expect(explainRequest(call).answer).toBe("Policy refused the call (503).");
    expect(attemptWords("something_new", null)).toBe("something_new");
  });
});
