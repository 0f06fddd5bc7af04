import { createHash } from "node:crypto";
import type { Reply } from "#gateway/pipeline/call.ts";
import type { Snapshot } from "#gateway/snapshot/snapshot.ts";
import type { CacheRule } from "#lib/contract/cache-rule.ts";
import type { DirectoryChange } from "#lib/contract/directory.ts";
import { AnswerStore, type CacheResult, type RouteFigures } from "./answer-store.ts";
import { Flight } from "./flight.ts";
import type { KeptAnswer } from "./kept-answer.ts";
import { Recording, type RecordingOwner } from "./recording.ts";
import { RecordingBudget } from "./recording-reply.ts";
import type { SharedAnswers } from "./shared-answers.ts";

/** Under what an answer is kept, and what a shared copy of it is sealed with: two halves of one hash. */
export interface AnswerKey {
  /** In hex. */
  readonly id: string;
  readonly sealingKey: Buffer;
}

/** Makes a key of the text that says what a call is. */
export function answerKey(text: string): AnswerKey {
  const hash = createHash("sha512").update(text).digest();
  return { id: hash.toString("hex", 0, 32), sealingKey: hash.subarray(32) };
}

/**
 * The node's answer cache: what was answered before is answered again, and identical calls under way at the same time
 * are made once. It outlives snapshots; keys name the exact route version, so that a new revision never meets an answer
 * of another.
 */
export class AnswerCache implements RecordingOwner {
  private readonly store: AnswerStore;
  private readonly shared: SharedAnswers | null;
  private readonly budget: RecordingBudget;
  private readonly flights = new Map<string, Flight>();
  private readonly sealingKeys = new WeakMap<Recording, Buffer>();

  constructor(bytesMax: number, shared: SharedAnswers | null) {
    this.store = new AnswerStore(bytesMax);
    this.shared = shared;
    // As much again as is kept: beyond it answers are passed on and not recorded.
    this.budget = new RecordingBudget(bytesMax);
  }

  /** The answer this node has, if any. */
  find(key: AnswerKey, nowMs: number): KeptAnswer | null {
    return this.store.get(key.id, nowMs);
  }

  /** The answer other nodes have left, if it comes at once; it is then kept here too. Never rejects. */
  async findShared(key: AnswerKey, route: string, nowMs: number): Promise<KeptAnswer | null> {
    const answer = (await this.shared?.get(key, nowMs)) ?? null;
    if (answer !== null) this.store.set(key.id, route, answer);
    return answer;
  }

  /** An identical call that is under way. */
  flightOf(key: AnswerKey): Flight | undefined {
    return this.flights.get(key.id);
  }

  /** Records a call's answer, and has identical calls wait for it unless they wait for another one already. */
  record(key: AnswerKey, route: string, rule: CacheRule, reply: Reply): Recording {
    const flight = this.flights.has(key.id) ? null : new Flight();
    if (flight !== null) this.flights.set(key.id, flight);
    const recording = new Recording({ key: key.id, route, rule, flight, reply, budget: this.budget, owner: this });
    if (rule.shared) this.sealingKeys.set(recording, key.sealingKey);
    return recording;
  }

  keep(recording: Recording, answer: KeptAnswer): void {
    this.store.set(recording.key, recording.route, answer);
    const sealingKey = this.sealingKeys.get(recording);
    if (sealingKey !== undefined) this.shared?.set({ id: recording.key, sealingKey }, answer);
  }

  over(recording: Recording): void {
    if (recording.flight !== null && this.flights.get(recording.key) === recording.flight) {
      this.flights.delete(recording.key);
    }
  }

  /** A purge has given a route's answers other keys already; this frees what is kept under the old ones. */
  purgeChanged(changes: readonly DirectoryChange[], snapshot: Snapshot | null): void {
    const purged = new Set(changes.flatMap(({ kind, id }) => (kind === "routeCache" ? [id] : [])));
    if (purged.size === 0) return;
    for (const { id, name } of snapshot?.routes.values() ?? []) if (purged.has(id)) this.store.purge(name);
  }

  /** Forgets routes that no longer exist. */
  retain(routes: ReadonlyMap<string, unknown>): void {
    this.store.retain(routes);
  }

  /** Counts a call of a route that has a cache. */
  count(route: string, result: CacheResult): void {
    this.store.count(route, result);
  }

  /** Each route's figures, for metrics. */
  get figures(): ReadonlyMap<string, Readonly<RouteFigures>> {
    return this.store.figures;
  }
}
