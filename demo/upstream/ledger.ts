// The demo upstream's own account of what it served: the truth that gateways are checked against. An entry is written
// once, when its request has ended, and before the last byte of the answer leaves: whoever has the answer finds the entry.
import { LedgerFile } from "./ledger-file.ts";

/** How a request ended, seen from here. `reset`: by a fault. `failed`: answered with an error. */
export type Finished = "complete" | "cancelled" | "reset" | "failed";

/** The dialects served; `rest` is the plain echo API. */
export type Dialect = "openai" | "anthropic" | "gemini" | "bedrock" | "rest";

/** One request. Times are epoch milliseconds; tokens are what was really generated, also for an answer nobody received. */
export interface LedgerEntry {
  /** 1, 2, 3... in the order in which requests ended. 0 while the request runs. */
  sequence: number;
  /** Sent as `x-request-id` (Anthropic: `request-id`, Bedrock: `x-amzn-requestid`); the answer's own id ends with the part behind `req_`. */
  id: string;
  /** ISO time of the start. */
  at: string;
  dialect: Dialect;
  method: string;
  /** Path without the query string. */
  path: string;
  model: string | null;
  stream: boolean;
  /** Lower-case names of the received headers, never their values. */
  headerNames: readonly string[];
  traceparent: string | null;
  /** The `x-request-id` received. */
  requestId: string | null;
  /** First 12 hex digits of the credential's SHA-256; null without a credential. */
  credentialSha256: string | null;
  inputTokens: number;
  outputTokens: number;
  /** The part of `inputTokens` that was read from the prompt cache (`demo-cached` only). */
  cachedTokens: number;
  /** 499 when the client left before the status was sent, 0 when a reset came first. */
  status: number;
  finished: Finished;
  /** True when a fault rule, header or model convention changed this call. */
  faulted: boolean;
  bytesIn: number;
  startedMs: number;
  endedMs: number;
}

/** Sums over every entry since the start or the last `DELETE /__ledger`, including those no longer held. */
export interface LedgerSums {
  requests: number;
  inputTokens: number;
  outputTokens: number;
  cachedTokens: number;
  bytesIn: number;
}

/** `GET /__ledger/totals`. */
export interface LedgerTotals extends LedgerSums {
  inFlight: number;
  lastSequence: number;
  byFinished: Record<Finished, number>;
  byModel: Record<string, LedgerSums>;
}

/** `GET /__ledger`. `dropped` counts entries after `after` that are no longer held. */
export interface LedgerPage {
  entries: LedgerEntry[];
  nextAfter: number;
  dropped: number;
  inFlight: number;
}

/** Entries held in memory; older ones live on in the totals. */
const ENTRIES_MAX = 200_000;
/** Entries of one page. */
export const PAGE_MAX = 10_000;

const MODELS_MAX = 1_000;
const HEADER_LISTS_MAX = 1_000;

function noSums(): LedgerSums {
  return { requests: 0, inputTokens: 0, outputTokens: 0, cachedTokens: 0, bytesIn: 0 };
}

function add(sums: LedgerSums, entry: LedgerEntry): void {
  sums.requests += 1;
  sums.inputTokens += entry.inputTokens;
  sums.outputTokens += entry.outputTokens;
  sums.cachedTokens += entry.cachedTokens;
  sums.bytesIn += entry.bytesIn;
}

/** A bounded ledger: a ring of the last entries, running totals, and a JSONL file when a path is given. */
export class Ledger {
  /** Requests that have started and not ended. */
  inFlight = 0;
  #ring: LedgerEntry[] = [];
  #lastSequence = 0;
  /** Sequence before the first slot of the ring, so that the ring stays a dense array after `clear`. */
  #ringBase = 0;
  #held = 0;
  #sums = noSums();
  #byFinished: Record<Finished, number> = { complete: 0, cancelled: 0, reset: 0, failed: 0 };
  #byModel = new Map<string, LedgerSums>();
  #headerLists = new Map<string, readonly string[]>();
  readonly #file: LedgerFile | undefined;
  readonly #entriesMax: number;

  constructor(path?: string, entriesMax = ENTRIES_MAX) {
    this.#file = path === undefined ? undefined : new LedgerFile(path);
    this.#entriesMax = entriesMax;
  }

  /** Gives the entry its sequence and counts it. Called once for each entry. */
  record(entry: LedgerEntry): void {
    this.#lastSequence += 1;
    entry.sequence = this.#lastSequence;
    this.#ring[this.#slot(entry.sequence)] = entry;
    this.#held = Math.min(this.#held + 1, this.#entriesMax);
    add(this.#sums, entry);
    this.#byFinished[entry.finished] += 1;
    add(this.#sumsOf(entry.model ?? "(none)"), entry);
    this.#file?.append(entry);
  }

  /** Entries with a sequence above `after`, oldest first, at most `limit`. */
  page(after: number, limit: number): LedgerPage {
    const oldest = this.#lastSequence - this.#held + 1;
    const first = Math.max(after + 1, oldest);
    const last = Math.min(this.#lastSequence, first + Math.min(limit, PAGE_MAX) - 1);
    const entries: LedgerEntry[] = [];
    for (let sequence = first; sequence <= last; sequence += 1) {
      const entry = this.#ring[this.#slot(sequence)];
      if (entry !== undefined) entries.push(entry);
    }
    return { entries, nextAfter: Math.max(after, last), dropped: first - after - 1, inFlight: this.inFlight };
  }

  totals(): LedgerTotals {
    return {
      ...this.#sums,
      inFlight: this.inFlight,
      lastSequence: this.#lastSequence,
      byFinished: { ...this.#byFinished },
      byModel: Object.fromEntries(this.#byModel),
    };
  }

  /** Forgets entries and totals. Sequences go on, so a reader's `after` stays valid; requests in flight will be recorded. */
  clear(): void {
    this.#ring = [];
    this.#ringBase = this.#lastSequence;
    this.#held = 0;
    this.#sums = noSums();
    this.#byFinished = { complete: 0, cancelled: 0, reset: 0, failed: 0 };
    this.#byModel = new Map();
  }

  /** The names of the given headers, as one shared list for all requests that have the same ones. */
  headerNames(headers: object): readonly string[] {
    const names = Object.keys(headers);
    const key = names.join(" ");
    const known = this.#headerLists.get(key);
    if (known !== undefined) return known;
    if (this.#headerLists.size < HEADER_LISTS_MAX) this.#headerLists.set(key, names);
    return names;
  }

  /** Writes what is still buffered for the file, and closes it. */
  close(): void {
    this.#file?.close();
  }

  #slot(sequence: number): number {
    return (sequence - this.#ringBase - 1) % this.#entriesMax;
  }

  #sumsOf(model: string): LedgerSums {
    const name = this.#byModel.has(model) || this.#byModel.size < MODELS_MAX ? model : "(other)";
    const known = this.#byModel.get(name);
    if (known !== undefined) return known;
    const sums = noSums();
    this.#byModel.set(name, sums);
    return sums;
  }
}
