import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BreakerSettings, CircuitBreaker } from "./circuit-breaker.ts";
import { FailureWindow } from "./failure-window.ts";
import { PeakEwma } from "./peak-ewma.ts";

const settings: BreakerSettings = {
  consecutiveFailures: 3,
  errorPercent: 50,
  windowMs: 1_000,
  callsMin: 10,
  openMs: 100,
  openMsMax: 800,
};
const never = () => 0;

interface Real {
  readonly breaker: CircuitBreaker;
  /** Calls under way, each with whether it is the trial. */
  readonly calls: boolean[];
  nowMs: number;
}
/** What a model knows: whether calls may pass, and how many trials are under way. */
interface Model {
  trials: number;
  openUntilMs: number;
}

const step = (name: string, run: (model: Model, real: Real) => void): fc.Command<Model, Real> => ({
  check: () => true,
  run,
  toString: () => name,
});
const wait = fc.integer({ min: 1, max: 300 }).map((ms) =>
  step(`wait ${ms}`, (_, real) => {
    real.nowMs += ms;
  }),
);
const call = fc.constant(
  step("call", (model, real) => {
    const isClosed = real.breaker.state === "closed";
    const isAdmitted = real.breaker.admits(real.nowMs);
    if (!isClosed) expect(isAdmitted).toBe(model.trials === 0 && real.nowMs >= model.openUntilMs);
    else expect(isAdmitted).toBe(true);
    if (!isAdmitted) return;
    const isTrial = real.breaker.begin();
    expect(isTrial).toBe(!isClosed);
    if (isTrial) model.trials += 1;
    real.calls.push(isTrial);
    expect(model.trials).toBeLessThanOrEqual(1);
    expect(real.breaker.state).toBe(isTrial ? "half_open" : "closed");
  }),
);
const finish = fc.tuple(fc.nat(), fc.constantFrom("ok", "failed", "nothing")).map(([place, how]) =>
  step(`finish ${place} ${how}`, (model, real) => {
    const [isTrial] = real.calls.splice(place % Math.max(1, real.calls.length), 1);
    if (isTrial === undefined) return;
    const { breaker, nowMs } = real;
    const before = breaker.state;
    if (how === "ok") expect(breaker.succeeded(nowMs, isTrial, settings)).toBe(isTrial);
    else if (how === "nothing") breaker.abandoned(isTrial);
    else if (breaker.failed(nowMs, isTrial, settings)) {
      expect(breaker.state).toBe("open");
      expect(breaker.retryAtMs - nowMs).toBeGreaterThanOrEqual(settings.openMs);
      expect(breaker.retryAtMs - nowMs).toBeLessThanOrEqual(settings.openMsMax);
      model.openUntilMs = breaker.retryAtMs;
    }
    if (isTrial) {
      model.trials -= 1;
      expect(breaker.state).toBe(how === "ok" ? "closed" : "open");
    } else if (before !== "closed") expect(breaker.state).toBe(before);
  }),
);

describe("a circuit breaker", () => {
  it("has at most one trial, and lets no call pass while it is open, whatever happens", () => {
    fc.assert(
      fc.property(fc.commands([wait, call, call, finish, finish], { maxCommands: 200 }), (commands) => {
        fc.modelRun(() => {
          const real: Real = { breaker: new CircuitBreaker(never), calls: [], nowMs: 0 };
          return { model: { trials: 0, openUntilMs: 0 }, real };
        }, commands);
      }),
      { numRuns: 500 },
    );
  });

  function opened(random = never): CircuitBreaker {
    const breaker = new CircuitBreaker(random);
    for (let failure = 0; failure < 3; failure++) breaker.failed(0, breaker.begin(), settings);
    return breaker;
  }

  it("opens by the ratio when failures do not come in a row, once there are enough calls", () => {
    const breaker = new CircuitBreaker(never);
    const opens = Array.from({ length: 10 }, (_, turn) =>
      turn % 2 === 0 ? breaker.succeeded(turn, false, settings) : breaker.failed(turn, false, settings),
    );
    expect(opens.indexOf(true)).toBe(9);
  });

  it("stays open twice as long with each trial that fails, up to the most, with jitter off the end", () => {
    const breaker = opened();
    let nowMs = 0;
    const times = Array.from({ length: 5 }, () => {
      const openMs = breaker.retryAtMs - nowMs;
      nowMs = breaker.retryAtMs;
      expect(breaker.admits(nowMs - 0.01)).toBe(false);
      breaker.failed(nowMs, breaker.begin(), settings);
      return openMs;
    });
    expect(times).toEqual([100, 200, 400, 800, 800]);
    expect(opened(() => 0.999).retryAtMs).toBeCloseTo(80, 0);
  });

  it("begins at the shortest time again once it has been closed for long", () => {
    const breaker = opened();
    breaker.failed(100, breaker.begin(), settings);
    breaker.succeeded(300, breaker.begin(), settings);
    for (let failure = 0; failure < 3; failure++) breaker.failed(350, false, settings);
    expect(breaker.retryAtMs).toBe(750);
    breaker.succeeded(800, breaker.begin(), settings);
    for (let failure = 0; failure < 3; failure++) breaker.failed(2_000, false, settings);
    expect(breaker.retryAtMs).toBe(2_100);
  });

  it("is tried at once when it is woken, and cannot be tripped while a trial is under way", () => {
    const breaker = opened();
    expect(breaker.wake(10)).toBe(true);
    expect(breaker.admits(10)).toBe(true);
    expect(breaker.begin()).toBe(true);
    expect(breaker.trip(11, settings)).toBe(false);
    expect(breaker.admits(10_000)).toBe(false);
  });

  it("does nothing where it is told to do nothing", () => {
    const off = { ...settings, consecutiveFailures: 0, errorPercent: 0 };
    const breaker = new CircuitBreaker(never);
    for (let failure = 0; failure < 1_000; failure++) expect(breaker.failed(0, false, off)).toBe(false);
  });
});

describe("FailureWindow", () => {
  it("forgets what is older than the window", () => {
    const window = new FailureWindow();
    for (let turn = 0; turn < 20; turn++) window.record(turn, 1_000, true);
    expect(window.isAbove(500, 1_000, 20, 100)).toBe(true);
    for (let turn = 0; turn < 20; turn++) window.record(950, 1_000, false);
    expect(window.isAbove(950, 1_000, 20, 50)).toBe(true);
    expect(window.isAbove(1_050, 1_000, 20, 50)).toBe(false);
    expect(window.isAbove(9_000, 1_000, 1, 1)).toBe(false);
  });
});

describe("PeakEwma", () => {
  it("jumps to every peak, and stays between 0 and the highest value seen", () => {
    const values = fc.array(fc.tuple(fc.nat(20_000), fc.integer({ min: 0, max: 60_000 })), { minLength: 1 });
    fc.assert(
      fc.property(values, (all) => {
        const ewma = new PeakEwma();
        let nowMs = 0;
        let highest = 0;
        for (const [afterMs, valueMs] of all) {
          nowMs += afterMs;
          const before = ewma.read(nowMs);
          ewma.observe(nowMs, valueMs);
          highest = Math.max(highest, valueMs);
          if (valueMs >= before) expect(ewma.read(nowMs)).toBe(valueMs);
          expect(ewma.read(nowMs)).toBeGreaterThanOrEqual(0);
          expect(ewma.read(nowMs)).toBeLessThanOrEqual(highest);
        }
      }),
    );
  });

  it("comes down slowly while better values come, and to nothing while none do", () => {
    const ewma = new PeakEwma();
    ewma.observe(0, 1_000);
    ewma.observe(1_000, 100);
    expect(ewma.read(1_000)).toBeGreaterThan(800);
    expect(ewma.read(100_000)).toBeLessThan(1);
  });
});
