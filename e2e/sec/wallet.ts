import type { Verdict } from "#e2e/chaos/verdict.ts";
import { route, target, version } from "#gateway/testing/fixtures.ts";
import { Harness } from "#gateway/testing/harness.ts";
import { status } from "#gateway/testing/upstream.ts";
import { Guardrail } from "#lib/contract/guardrail.ts";

const ATTEMPTS = 3;
const MAX_TOKENS = 1_000;
const AT_ONCE = 16;
/** Retries the budget grants by itself, a second. */
const FLOOR_PER_SECOND = 10;
const SHARE = 0.2;

/**
 * Calls that would cost without end: more tokens, more answers and a longer prompt than the route allows, and an outage
 * under which every call would be tried again. What reaches the upstream must stay within what policy says.
 */
export async function wallet(n: number): Promise<Verdict> {
  const harness = await Harness.start();
  const guardrails = Guardrail.array().parse([
    { kind: "max_output", name: "answer", maxTokens: MAX_TOKENS },
    { kind: "max_prompt", name: "prompt", maxBytes: 10_000 },
  ]);
  const targets = [target("ups_1"), target("ups_2")];
  await harness.publish(
    harness.document({
      routes: [
        route("bounded", [version([target("ups_1")], { guardrails })]),
        route("storm", [version(targets, { retry: { attempts: ATTEMPTS } })]),
      ],
    }),
  );
  const greedy = await greedyCalls(harness);
  const storm = await retryStorm(harness, n, greedy.n);
  await harness.stop();
  const violations = greedy.wrong + storm.tooMany + storm.beyondAttempts;
  const figures = {
    greedyCalls: greedy.n,
    greedyThrough: greedy.wrong,
    outageCalls: n,
    upstreamAttempts: storm.attempts,
    attemptsAllowed: storm.allowed,
    callsBeyondTheirAttempts: storm.beyondAttempts,
  };
  return { case: "wallet", n: greedy.n + n, violations, figures };
}

/** Every greedy call is refused, or what the upstream got is within the bound. */
async function greedyCalls(harness: Harness): Promise<{ n: number; wrong: number }> {
  const bodies: Record<string, unknown>[] = [
    { max_tokens: 2 ** 31 },
    { max_tokens: Number.MAX_SAFE_INTEGER },
    { max_completion_tokens: 2 ** 31 },
    { max_tokens: 10, max_completion_tokens: 2 ** 31 },
    { max_tokens: -1 },
    { max_tokens: "1000000" },
    { max_tokens: 1.5e9 },
    { max_tokens: null },
    {},
    { n: 128 },
    { n: 128, max_tokens: 100_000 },
    { messages: [{ role: "user", content: "x".repeat(20_000) }] },
  ];
  let wrong = 0;
  for (const body of bodies) {
    const before = harness.first.received.length;
    const { status: answered } = await harness.chat("bounded", body);
    const [received] = harness.first.received.slice(before);
    if (received === undefined) wrong += answered < 400 ? 1 : 0;
    else if (!isWithin(received.body)) wrong += 1;
  }
  return { n: bodies.length, wrong };
}

function isWithin(text: string): boolean {
  const body: { max_tokens?: unknown; max_completion_tokens?: unknown; n?: unknown } = JSON.parse(text);
  const said = [body.max_tokens, body.max_completion_tokens].filter((value) => value !== undefined && value !== null);
  const answers = typeof body.n === "number" ? body.n : 1;
  const isBounded =
    said.length > 0 && said.every((value) => typeof value === "number" && value * answers <= MAX_TOKENS);
  return isBounded && text.length <= 11_000;
}

/** Both upstreams are down: attempts stay within each call's own and within the retry budget, which earlier calls fed too. */
async function retryStorm(harness: Harness, n: number, earlier: number) {
  harness.first.answer = status(503);
  harness.second.answer = status(503);
  const before = harness.first.received.length + harness.second.received.length;
  const startedMs = performance.now();
  let sent = 0;
  const worker = async (): Promise<void> => {
    while (sent++ < n) await harness.chat("storm");
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const seconds = (performance.now() - startedMs) / 1_000;
  const received = [...harness.first.received, ...harness.second.received].slice(before);
  const byCall = Map.groupBy(received, ({ headers }) => headers["x-request-id"]);
  const beyondAttempts = [...byCall.values()].filter((attempts) => attempts.length > ATTEMPTS).length;
  const allowed = Math.ceil(n + (n + earlier) * SHARE + FLOOR_PER_SECOND * (seconds + 1));
  return { attempts: received.length, allowed, tooMany: Math.max(0, received.length - allowed), beyondAttempts };
}
