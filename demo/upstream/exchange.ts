// One request and its answer. Everything that leaves the demo upstream leaves through here, so that the ledger entry is
// settled exactly once, whatever happens to the connection.
import type { IncomingMessage, ServerResponse } from "node:http";
import { ClientConnection } from "./client-connection.ts";
import { bedrockErrorType, dialectError } from "./dialect-error.ts";
import { type FaultEffect, NO_FAULT } from "./faults.ts";
import type { Json, JsonObject } from "./json.ts";
import type { Dialect, Finished, Ledger, LedgerEntry } from "./ledger.ts";
import { type WirePiece, withGarbage } from "./stream-pieces.ts";

const JSON_TYPE = "application/json";
const BATCH_CHARS = 65_536;
const ENDLESS_PIECE_MS = 10;
const UNARY_FILLER_MS = 50;
const RESET_GRACE_MS = 10;

const ID_HEADERS: Partial<Record<Dialect, string>> = { anthropic: "request-id", bedrock: "x-amzn-requestid" };

/** What an answer cost. */
export interface Usage {
  inputTokens: number;
  outputTokens: number;
}

/** The life of one request. Handlers call exactly one of `answer`, `answerBytes`, `stream` and `fail`. */
export class Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly entry: LedgerEntry;
  /** The part that all ids of this exchange end with. */
  readonly idSuffix: string;
  effect: FaultEffect = NO_FAULT;
  readonly #connection: ClientConnection;
  readonly #ledger: Ledger;
  #isSettled = false;

  constructor(request: IncomingMessage, response: ServerResponse, entry: LedgerEntry, ledger: Ledger) {
    this.request = request;
    this.response = response;
    this.entry = entry;
    this.idSuffix = entry.id.slice("req_".length);
    this.#connection = new ClientConnection(request, response);
    this.#ledger = ledger;
    ledger.inFlight += 1;
  }

  /** Unix seconds of the start, as the OpenAI dialect writes times. */
  get createdSeconds(): number {
    return Math.floor(this.entry.startedMs / 1000);
  }

  /** Books the input of this call, before the usage of an answer is written. `demo-cached` reads half from the prompt cache. */
  chargeInput(inputTokens: number): void {
    this.entry.inputTokens = inputTokens;
    if (this.entry.model === "demo-cached") this.entry.cachedTokens = Math.floor(inputTokens / 2);
  }

  /** Closes the ledger entry. Later calls change nothing. */
  settle(finished: Finished): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.entry.finished = finished;
    this.entry.endedMs = Date.now();
    this.entry.faulted ||= this.effect !== NO_FAULT;
    this.#ledger.inFlight -= 1;
    this.#ledger.record(this.entry);
  }

  /** The client left: settles as cancelled, with status 499 when no status had been sent. */
  cancel(): void {
    if (!this.response.headersSent) this.entry.status = 499;
    this.settle("cancelled");
  }

  /** Sends an error in the dialect of the path, or `body` in its place. */
  fail(status: number, code: string, message: string, extra: { retryAfter?: number; body?: Json } = {}): void {
    if (this.#connection.isClosed) this.cancel();
    else if (this.response.headersSent) this.#breakOff();
    else this.#sendError(status, extra.body ?? this.#errorBody(status, code, message), extra.retryAfter);
  }

  /** Serves the faults that answer with an error, whatever was asked. */
  async failByFault(credential: string): Promise<void> {
    const { delayFirstByteMs, status = 401, body, retryAfter, echoCredential } = this.effect;
    if (delayFirstByteMs !== undefined) await this.#connection.sleep(delayFirstByteMs);
    if (echoCredential === true)
      return this.fail(status, "invalid_api_key", `Incorrect API key provided: ${credential}.`);
    this.fail(status, "demo_fault", `The demo upstream was told to answer ${status}.`, {
      ...(retryAfter === undefined ? {} : { retryAfter }),
      ...(body === undefined ? {} : { body }),
    });
  }

  /** Sends a whole JSON answer. Hot path: synchronous unless a fault applies. */
  answer(value: Json, usage: Usage): void | Promise<void> {
    return this.answerBytes(JSON.stringify(value), JSON_TYPE, usage);
  }

  /** Sends a whole answer of any type. */
  answerBytes(body: string | Buffer, contentType: string, usage: Usage): void | Promise<void> {
    this.chargeInput(usage.inputTokens);
    if (this.effect !== NO_FAULT) return this.#answerFaulted(body, contentType, usage);
    this.#sendWhole(body, contentType, usage);
  }

  /** Sends a stream; `pieces` runs only as far as the client stays. The caller has charged the input. */
  async stream(contentType: string, pieces: Iterable<WirePiece>): Promise<void> {
    const { effect } = this;
    if (effect !== NO_FAULT && !(await this.#mayStart())) return;
    this.entry.status = 200;
    this.response.writeHead(200, { ...this.#headers(contentType), "cache-control": "no-cache" });
    const sent = effect.garbageSse === true ? withGarbage(pieces) : pieces;
    const isPaced =
      effect.delayBetweenChunksMs !== undefined ||
      effect.resetAfterChunks !== undefined ||
      effect.stallAfterChunks !== undefined ||
      effect.neverEnd === true;
    return isPaced ? this.#streamPaced(sent) : this.#streamBatched(sent);
  }

  #errorBody(status: number, code: string, message: string): JsonObject {
    return dialectError(this.entry.dialect, status, code, message, this.entry.id);
  }

  #sendError(status: number, body: Json, retryAfter: number | undefined): void {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const headers = this.#headers(typeof body === "string" ? "text/plain; charset=utf-8" : JSON_TYPE);
    headers["content-length"] = String(Buffer.byteLength(text));
    if (retryAfter !== undefined) headers["retry-after"] = String(retryAfter);
    if (this.entry.dialect === "bedrock") headers["x-amzn-errortype"] = bedrockErrorType(status);
    if (status === 413) headers.connection = "close";
    this.entry.status = status;
    this.settle("failed");
    this.response.writeHead(status, headers).end(text);
  }

  /** An error after the first byte cannot be told any more; the connection ends instead. */
  #breakOff(): void {
    this.settle("failed");
    this.response.destroy();
  }

  #headers(contentType: string): Record<string, string> {
    const idHeader = ID_HEADERS[this.entry.dialect] ?? "x-request-id";
    const headers = { "content-type": contentType, [idHeader]: this.entry.id, server: "turnpike-demo" };
    return this.effect.responseHeaders === undefined ? headers : { ...headers, ...this.effect.responseHeaders };
  }

  #sendWhole(body: string | Buffer, contentType: string, usage: Usage): void {
    const headers = this.#headers(contentType);
    headers["content-length"] = String(Buffer.byteLength(body));
    this.entry.outputTokens = usage.outputTokens;
    this.entry.status = 200;
    this.settle("complete");
    this.response.writeHead(200, headers).end(body);
  }

  async #answerFaulted(body: string | Buffer, contentType: string, usage: Usage): Promise<void> {
    const { resetAfterChunks, stallAfterChunks, garbageSse, neverEnd } = this.effect;
    if (!(await this.#mayStart())) return;
    const cutsBody = resetAfterChunks !== undefined || stallAfterChunks !== undefined || neverEnd === true;
    if (!cutsBody && garbageSse !== true) return this.#sendWhole(body, contentType, usage);
    const half = Buffer.from(body).subarray(0, Math.ceil(Buffer.byteLength(body) / 2));
    if (!cutsBody) return this.#sendWhole(half, contentType, usage);
    this.entry.outputTokens = usage.outputTokens;
    this.entry.status = 200;
    this.response.writeHead(200, this.#headers(contentType)).write(half);
    if (resetAfterChunks !== undefined) return this.#reset();
    while (neverEnd === true && (await this.#connection.write(" "))) await this.#connection.sleep(UNARY_FILLER_MS);
    return this.#stall();
  }

  /** Serves the faults that strike before the first byte. False: the exchange is over. */
  async #mayStart(): Promise<boolean> {
    const { delayFirstByteMs, resetAfterChunks, stallAfterChunks } = this.effect;
    if (delayFirstByteMs !== undefined) await this.#connection.sleep(delayFirstByteMs);
    if (this.#connection.isClosed) {
      this.cancel();
      return false;
    }
    if (resetAfterChunks === 0) await this.#reset();
    else if (stallAfterChunks === 0) await this.#stall();
    else return true;
    return false;
  }

  async #reset(): Promise<void> {
    // A reset discards what still waits in the sender's kernel, so the last chunk gets a moment to leave.
    if (this.response.headersSent) await this.#connection.sleep(RESET_GRACE_MS);
    this.settle("reset");
    this.request.socket.resetAndDestroy();
  }

  async #stall(): Promise<void> {
    await this.#connection.closed();
    this.cancel();
  }

  /** Writes as much as fits in one write; waits only for a slow reader. */
  async #streamBatched(pieces: Iterable<WirePiece>): Promise<void> {
    let batch = "";
    for (const piece of pieces) {
      this.entry.outputTokens += piece.tokens;
      if (typeof piece.wire === "string") batch += piece.wire;
      const isFull = batch.length >= BATCH_CHARS || typeof piece.wire !== "string";
      if (!isFull) continue;
      if (!(await this.#connection.write(batch))) return this.cancel();
      if (typeof piece.wire !== "string") this.response.write(piece.wire);
      batch = "";
    }
    if (this.#connection.isClosed) return this.cancel();
    this.settle("complete");
    this.response.end(batch);
  }

  /** Each piece is its own write; resets and stalls strike at their chunk, or before the tail of a shorter stream. */
  async #streamPaced(pieces: Iterable<WirePiece>): Promise<void> {
    const { neverEnd, resetAfterChunks, stallAfterChunks } = this.effect;
    const delayMs = this.effect.delayBetweenChunksMs ?? (neverEnd === true ? ENDLESS_PIECE_MS : undefined);
    const strikesAt = (limit: number | undefined, chunks: number, part: WirePiece["part"]) =>
      limit !== undefined && (part === "tail" || (part === "content" && chunks >= limit));
    let chunks = 0;
    for (const piece of pieces) {
      const isContent = piece.part === "content";
      if (isContent && chunks > 0 && delayMs !== undefined) await this.#connection.sleep(delayMs);
      if (this.#connection.isClosed) return this.cancel();
      if (strikesAt(resetAfterChunks, chunks, piece.part)) return this.#reset();
      if (strikesAt(stallAfterChunks, chunks, piece.part)) return this.#stall();
      if (isContent) chunks += 1;
      this.entry.outputTokens += piece.tokens;
      if (piece.part === "tail") this.settle("complete");
      if (!(await this.#connection.write(piece.wire))) return this.cancel();
    }
    this.response.end();
  }
}
