/**
 * The generic cell rate algorithm (ITU-T I.371) with a burst equal to the limit, in whole numbers.
 *
 * In GCRA a call moves the theoretical arrival time on by `window / limit` and is admitted while that time lies no more
 * than one window ahead. Here the distance between that time and now is kept instead, multiplied by `limit` and divided
 * by the greatest common divisor: then one call costs `window / gcd` and a millisecond drains `limit / gcd`, both whole,
 * so that no decision depends on rounding (as long as limit × window / gcd stays below 2⁵³).
 */
export interface GcraRule {
  readonly limit: number;
  readonly windowSeconds: number;
  /** What one unit (a call, or a token) adds to the backlog. */
  readonly cost: number;
  /** What one millisecond takes from it. */
  readonly drainPerMs: number;
  /** The backlog above which nothing is admitted: one window's worth. */
  readonly capacity: number;
}

/** What must be remembered between calls: mutable, one per consumer and rule, replaced by nothing when `backlog` is 0. */
export interface GcraState {
  backlog: number;
  /** The millisecond (of any clock that never goes back) at which `backlog` held. */
  atMs: number;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

/** Compiles a limit. `limit` and `windowSeconds` are positive whole numbers. */
export function compileGcra(limit: number, windowSeconds: number): GcraRule {
  const windowMs = windowSeconds * 1_000;
  const divisor = gcd(limit, windowMs);
  const cost = windowMs / divisor;
  return { limit, windowSeconds, cost, drainPerMs: limit / divisor, capacity: cost * limit };
}

/** Brings the state to `nowMs`. A clock that went back counts as one that stood still. */
export function drain(rule: GcraRule, state: GcraState, nowMs: number): void {
  if (nowMs <= state.atMs) return;
  state.backlog = Math.max(0, state.backlog - (nowMs - state.atMs) * rule.drainPerMs);
  state.atMs = nowMs;
}

/** Whether so many more units (calls, or tokens) fit. The caller has drained the state to now. */
export function fits(rule: GcraRule, state: GcraState, units = 1): boolean {
  return state.backlog + units * rule.cost <= rule.capacity;
}

/** Takes units that fit, or gives back (`units` below 0) what was taken and not used. What was used beyond it is a debt. */
export function charge(rule: GcraRule, state: GcraState, units: number): void {
  state.backlog = Math.max(0, state.backlog + units * rule.cost);
}

/** How many units would still be admitted at this moment; 0 while a debt is paid off. */
export function remaining(rule: GcraRule, state: GcraState): number {
  return Math.max(0, Math.floor((rule.capacity - state.backlog) / rule.cost));
}

/** Milliseconds until so many units fit; 0 when they do now. */
export function retryAfterMs(rule: GcraRule, state: GcraState, units = 1): number {
  return Math.max(0, Math.ceil((state.backlog + units * rule.cost - rule.capacity) / rule.drainPerMs));
}

/** Milliseconds until the whole limit is available again. */
export function resetAfterMs(rule: GcraRule, state: GcraState): number {
  return Math.ceil(state.backlog / rule.drainPerMs);
}
