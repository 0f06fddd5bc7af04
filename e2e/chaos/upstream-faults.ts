import { monitorEventLoopDelay } from "node:perf_hooks";
import { inspect } from "node:util";
import { silentLog } from "#gateway/log.ts";
import { policy, route, target, until, upstream, version } from "#gateway/testing/fixtures.ts";
import { Harness } from "#gateway/testing/harness.ts";
import type { UsageEvent } from "#lib/contract/usage-event.ts";
import { FAULTS, type Fault, serveFault } from "./upstream/faults.ts";
import { type SdkCaller, sdkCallers } from "./upstream/sdk-callers.ts";
import { SAID } from "./upstream/wire.ts";
import { quantile, rounded, type Verdict } from "./verdict.ts";

const TIMEOUTS = { connectMs: 500, firstByteMs: 500, idleMs: 500, totalMs: 3_000 };
/** What a call may take beyond the timeout of the whole; what this process itself stood still comes on top. */
const MARGIN_MS = 1_000;
/** After this a call is given up. */
const HANG_MS = 10_000;
const ATTEMPTS_MAX = 2;
const AT_ONCE = 12;
const CASE_HEADER = "x-chaos-case";
const SECRET = "secret-of-the-upstream";
const PROVIDERS = { openai: "/v1", chat: "/v1", anthropic: "", gemini: "" } as const;

/** One call of the crossing. */
interface Case {
  readonly caller: SdkCaller;
  readonly model: string;
  readonly isStream: boolean;
  readonly faultName: string;
  readonly fault: Fault;
}

/** How a call ended, as its caller saw it. */
interface Seen {
  readonly durationMs: number;
  readonly end: "whole" | "partial" | "error" | "hang";
  readonly error: unknown;
}

/**
 * What upstreams do wrong × official SDKs × passed on or translated × whole or streamed, `rounds` times: each call ends in
 * the complete answer or one of the SDK's errors in time, asks the upstream once where it had begun to answer, tells no
 * secret and is metered as what it was.
 */
export async function upstreamFaults(rounds: number, translations = 2): Promise<Verdict> {
  const faults = new Faulty();
  process.on("uncaughtException", faults.note).on("unhandledRejection", faults.note);
  const harness = await Harness.start({
    log: { ...silentLog, error: (facts, event) => faults.note(`${event} ${inspect(facts)}`) },
  });
  try {
    await publish(harness);
    const cases = crossing(sdkCallers(harness.origin, harness.secret), rounds, translations);
    harness.first.answer = (response, received) => {
      const fault = cases[Number(received.headers[CASE_HEADER])]?.fault ?? FAULTS["none"];
      if (fault !== undefined) serveFault(fault, response, received);
    };
    return await measure(harness, cases, faults);
  } finally {
    await harness.stop();
    process.off("uncaughtException", faults.note).off("unhandledRejection", faults.note);
  }
}

/** What went wrong in the node itself. */
class Faulty {
  readonly found: string[] = [];
  readonly note = (error: unknown): void => {
    this.found.push(inspect(error));
  };
}

async function publish(harness: Harness): Promise<void> {
  const providers = Object.entries(PROVIDERS);
  const origin = new URL(harness.first.url).origin;
  // A second one of each, so that there is always somewhere to retry.
  const upstreams = providers.flatMap(([name, basePath]) =>
    [`ups_${name}`, `ups_${name}_2`].map((id) =>
      upstream(id, origin + basePath, { provider: name === "chat" ? "cerebras" : name }),
    ),
  );
  harness.plane.setCredentials(
    upstreams.map(({ id }) => ({ id: `cred_${id}`, upstreamId: id, kind: "apiKey", secret: SECRET })),
  );
  await harness.publish(
    policy(
      upstreams,
      providers.map(([name]) =>
        route(`to-${name}`, [
          version([target(`ups_${name}`), target(`ups_${name}_2`)], {
            timeouts: TIMEOUTS,
            retry: { attempts: ATTEMPTS_MAX },
          }),
        ]),
      ),
    ),
  );
  // Credentials come on a lane of their own.
  await until("the node has the credentials", async () => {
    await harness.chat("to-openai");
    return harness.first.received.at(-1)?.headers.authorization === `Bearer ${SECRET}`;
  });
}

function crossing(callers: readonly SdkCaller[], rounds: number, translations: number): Case[] {
  const cases: Case[] = [];
  for (const caller of callers)
    for (const model of caller.routes.slice(0, 1 + translations))
      for (const isStream of [false, true])
        for (const [faultName, fault] of Object.entries(FAULTS)) {
          if (fault.only === (isStream ? "unary" : "stream")) continue;
          cases.push({ caller, model, isStream, faultName, fault });
        }
  return Array.from({ length: rounds }, () => cases).flat();
}

async function measure(harness: Harness, cases: readonly Case[], faulty: Faulty): Promise<Verdict> {
  const seen: Seen[] = [];
  const lag = monitorEventLoopDelay({ resolution: 5 });
  lag.enable();
  let next = 0;
  const work = async (): Promise<void> => {
    for (let place = next++; place < cases.length; place = next++) {
      const one = cases[place];
      if (one !== undefined) seen[place] = await call(one, place);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  lag.disable();
  const lagMs = lag.max / 1_000_000;
  const broken: string[] = [];
  for (const [place, one] of cases.entries()) {
    const told = seen[place];
    if (told === undefined) continue;
    const words = [...brokenForCaller(one, told, lagMs), ...(await brokenInNode(harness, one, place, told, lagMs))];
    const name = `${one.caller.name} ${one.model} ${one.isStream ? "stream" : "unary"}, ${one.faultName}`;
    for (const word of words) broken.push(`${name}: ${word}`);
  }
  for (const words of faulty.found) broken.push(`in the node: ${words}`);
  const sent = harness.first.received.filter((each) => each.headers[CASE_HEADER] !== undefined).length;
  return verdictOf(seen, broken, { retries: sent - cases.length, lagMaxMs: rounded(lagMs) });
}

function verdictOf(seen: readonly Seen[], broken: readonly string[], more: Verdict["figures"]): Verdict {
  const durations = seen.map((each) => each.durationMs);
  const count = (end: Seen["end"]): number => seen.filter((each) => each.end === end).length;
  return {
    case: "upstream",
    n: seen.length,
    violations: broken.length,
    figures: {
      complete: count("whole"),
      errors: count("error"),
      hangs: count("hang"),
      ...more,
      p50Ms: rounded(quantile(durations, 0.5)),
      maxMs: rounded(Math.max(...durations)),
      first: broken[0] ?? "",
    },
  };
}

async function call({ caller, model, isStream }: Case, place: number): Promise<Seen> {
  const startedMs = performance.now();
  const { promise: late, resolve } = Promise.withResolvers<"hang">();
  const timer = setTimeout(() => resolve("hang"), HANG_MS);
  let end: Seen["end"];
  let error: unknown = null;
  try {
    const said = await Promise.race([caller.call(model, isStream, { [CASE_HEADER]: String(place) }), late]);
    if (said === "hang") end = "hang";
    else end = said === SAID ? "whole" : "partial";
  } catch (thrown) {
    end = "error";
    error = thrown;
  }
  clearTimeout(timer);
  return { durationMs: performance.now() - startedMs, end, error };
}

function brokenForCaller({ caller, fault }: Case, { durationMs, end, error }: Seen, lagMs: number): string[] {
  const broken: string[] = [];
  if (durationMs > TIMEOUTS.totalMs + MARGIN_MS + lagMs) broken.push(`it took ${rounded(durationMs)} ms`);
  if (end === "partial") broken.push("it ended as if it were complete");
  if (end === "whole" && fault.code !== null) broken.push("it was answered");
  if (end !== "error") return broken;
  if (fault.code === null && !mayTimeOut(lagMs)) broken.push(`it failed: ${inspect(error)}`);
  if (!caller.isTyped(error) && fault.mayCut !== true) broken.push(`no error of the SDK: ${inspect(error)}`);
  if (inspect(error, { depth: 8 }).includes(SECRET)) broken.push("the error tells the secret");
  return broken;
}

/** Whether this process, which is the upstream too, stood still for so long that any call may have met a timeout. */
function mayTimeOut(lagMs: number): boolean {
  return lagMs >= Math.min(TIMEOUTS.firstByteMs, TIMEOUTS.idleMs);
}

async function brokenInNode(
  harness: Harness,
  { fault }: Case,
  place: number,
  { end }: Seen,
  lagMs: number,
): Promise<string[]> {
  const received = harness.first.received.filter((each) => each.headers[CASE_HEADER] === String(place));
  const ids = new Set(received.map((each) => String(each.headers["x-request-id"])));
  const [id] = ids;
  const broken: string[] = [];
  if (id === undefined || ids.size !== 1) return [`${ids.size} calls reached the upstream`];
  if (received.length > (fault.hasBegun ? 1 : ATTEMPTS_MAX)) broken.push(`it was asked ${received.length} times`);
  const event = await eventOf(harness, id);
  if (event === undefined) return [...broken, "it was not metered"];
  const code = mayTimeOut(lagMs) && event.errorCode === "upstream_timeout" ? event.errorCode : fault.code;
  const outcome = code === null ? "ok" : "error";
  if (event.outcome !== outcome || event.errorCode !== code || (end === "whole") !== (outcome === "ok")) {
    broken.push(`metered as ${event.outcome} ${event.errorCode} in the place of ${outcome} ${code}`);
  }
  if (end === "whole" && event.usage.source !== (fault.hasUsage === false ? "estimate" : "upstream")) {
    broken.push(`usage by ${event.usage.source}`);
  }
  return broken;
}

async function eventOf(harness: Harness, id: string): Promise<UsageEvent | undefined> {
  const find = (): UsageEvent | undefined => harness.plane.events.find((event) => event.id === id);
  await until("the event arrives", () => find() !== undefined, 5_000).catch(() => {});
  return find();
}
