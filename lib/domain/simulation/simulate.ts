import { setImmediate } from "node:timers/promises";
import type { Tx } from "../../db/client.ts";
import type { Context } from "../context.ts";
import { compileDraft } from "../draft/index.ts";
import { DomainError, invalidField } from "../errors.ts";
import { activeRevision } from "../revision/active.ts";
import { refuseProblems } from "../revision/index.ts";
import { inTransaction } from "../transaction.ts";
import { bounded } from "../usage/index.ts";
import { longQuery } from "../verb.ts";
import { NOT_SIMULATED } from "./not-simulated.ts";
import { type Extent, isLastPage, KnownCallers, type Place, readCalls, readExtent, type Window } from "./read-calls.ts";
import type { RecordedCall } from "./recorded-call.ts";
import { Replay } from "./replay.ts";
import { CALLS_MAX, SimulationInput, type SimulationStep, SimulationView, WINDOW_DAYS_MAX } from "./schemas.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const STATEMENT_MS = 10_000;
/** Between two breaths of the event loop, which serves everybody else. */
const CALLS_AT_ONCE = 500;

// One at a time in a process, also across the module copies of a development server.
const globals: typeof globalThis & { turnpikeIsSimulating?: boolean } = globalThis;

/**
 * Replays the recorded calls of a window against the draft and against the running revision, with the node's own policy
 * functions. The last hour unless the caller says otherwise; the newest 100,000 calls of it. 409 `draft_invalid`, 422
 * for a window that is none or too long, 429 while another one runs in this process.
 */
export const simulateDraft = longQuery({
  name: "draft.simulate",
  permission: "draft.read",
  input: SimulationInput,
  output: SimulationView,
  async *run(ctx, input) {
    const window = windowOf(input, ctx.now());
    if (globals.turnpikeIsSimulating === true)
      throw new DomainError("too_many_requests", "Another simulation is running. Try again when it is over.");
    globals.turnpikeIsSimulating = true;
    try {
      return yield* simulate(ctx, window);
    } finally {
      globals.turnpikeIsSimulating = false;
    }
  },
});

function windowOf({ from, to }: SimulationInput, now: Date): Window {
  const end = to === undefined ? now : new Date(to);
  const begin = from === undefined ? new Date(end.getTime() - HOUR_MS) : new Date(from);
  if (begin >= end) throw invalidField("/from", "invalid_range", "must be before `to`");
  if (end.getTime() - begin.getTime() > WINDOW_DAYS_MAX * DAY_MS)
    throw invalidField(
      "/from",
      "window_too_long",
      `A window may be ${WINDOW_DAYS_MAX} days long. Choose a later begin.`,
    );
  return { from: begin, to: end };
}

async function* simulate(ctx: Context, window: Window): AsyncGenerator<SimulationStep, SimulationView> {
  const read = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
    inTransaction(ctx, (tx) => bounded(tx, () => work(tx), STATEMENT_MS));
  const { draft, running, extent } = await read(async (tx) => ({
    draft: await compileDraft(tx, ctx.now()),
    running: await activeRevision(tx),
    extent: await readExtent(tx, window),
  }));
  refuseProblems(draft.problems.filter(({ code }) => !REPLAYED_PROBLEMS.has(code)));
  const callers = new KnownCallers();
  const replay = new Replay(running, draft.document, callers);
  yield { kind: "progress", calls: 0, of: extent.calls };
  const replayed = { from: extent.firstAt, to: window.to };
  const readPage = (after: Place | null): Promise<RecordedCall[]> =>
    read(async (tx) => {
      const calls = await readCalls(tx, replayed, after);
      await callers.learn(tx, calls);
      return calls;
    });
  let next = extent.calls === 0 ? null : readPage(null);
  for (let done = 0; next !== null; ) {
    if (ctx.signal?.aborted) throw new DomainError("conflict", "Whoever asked for the simulation has gone.");
    const page: RecordedCall[] = await next;
    const last = page.at(-1);
    const isOver = last === undefined || isLastPage(page.length) || done + page.length >= CALLS_MAX;
    // The database reads the next page while this one is replayed.
    next = isOver ? null : readPage({ startedAt: new Date(last.startedMs), id: last.id });
    next?.catch(() => {});
    await replayAll(replay, page.slice(0, CALLS_MAX - done));
    done += page.length;
    yield { kind: "progress", calls: Math.min(done, extent.calls), of: extent.calls };
  }
  return resultOf(replay, { window, extent, draftEtag: draft.etag, base: running.number });
}

/** Problems whose effect on calls a simulation shows, instead of being stopped by them. */
const REPLAYED_PROBLEMS: ReadonlySet<string> = new Set(["incompatible_version", "plan_in_use"]);

async function replayAll(replay: Replay, calls: readonly RecordedCall[]): Promise<void> {
  for (let at = 0; at < calls.length; at++) {
    const call = calls[at];
    if (call !== undefined) replay.take(call);
    if (at % CALLS_AT_ONCE === CALLS_AT_ONCE - 1) await setImmediate();
  }
}

function resultOf(
  { tally, withoutConsumer }: Replay,
  { window, extent, draftEtag, base }: { window: Window; extent: Extent; draftEtag: string; base: number },
): SimulationView {
  return {
    from: window.from.toISOString(),
    to: window.to.toISOString(),
    replayedFrom: (extent.isCut ? extent.firstAt : window.from).toISOString(),
    isCut: extent.isCut,
    callsMax: CALLS_MAX,
    withoutConsumer,
    base,
    draftEtag,
    ...tally.view(),
    notSimulated: [...NOT_SIMULATED],
  };
}
