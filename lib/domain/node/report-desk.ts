import { compactVerify, importJWK } from "jose";
import { LRUCache } from "lru-cache";
import type { Node } from "#prisma/generated/client.ts";
import { NodeReport, PublicJwk, type ReportResponse } from "../../contract/node-protocol.ts";
import type { Context } from "../context.ts";
import { isBoundTo, isTimely, readClaims, rememberedUntil, type SignedRequest } from "./authenticate.ts";
import { isPlain, type PlainReport, REPORTS_MAX, reportNodes } from "./report-many.ts";

/** A report that brings no news may wait for others; less long while a canary is watched. */
const HOLD_MS = 1_000;
const WATCHED_HOLD_MS = 250;
/** One that says that a revision has been applied waits for those that come at the same moment. */
const NEWS_HOLD_MS = 10;
const KNOWN_NODES_MAX = 20_000;

interface KnownNode {
  signingKey: PublicJwk;
  key: Awaited<ReturnType<typeof importJWK>>;
  /** What it said last that it has applied. */
  applied: number;
}

interface Waiting {
  entry: PlainReport;
  answer(response: ReportResponse | null): void;
}

/** The answer to a report that was taken together with others. */
export interface TakenReport {
  node: { id: string; jti: string };
  response: ReportResponse;
}

/**
 * Takes reports together: two hundred nodes that say every five seconds that they are well cost one statement a
 * second, not twenty statements each. Whoever has reported singly once is known here by its key; the
 * statement that takes a report makes sure that what is known is still so, and who is not taken is heard singly.
 */
export class ReportDesk {
  readonly #ctx: Context;
  readonly #nodes = new LRUCache<string, KnownNode>({ max: KNOWN_NODES_MAX });
  #waiting = new Map<string, Waiting>();
  #timer: NodeJS.Timeout | null = null;
  #dueMs = Number.POSITIVE_INFINITY;
  #isTaking = false;
  /** Whether nodes were told last to report more often than they would. */
  #isWatched = false;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /** Knows a node from now on, which has just proved who it is. */
  async remember({ id, signingKey, appliedRevision }: Node): Promise<void> {
    const jwk = PublicJwk.parse(signingKey);
    this.#nodes.set(id, { signingKey: jwk, key: await importJWK(jwk, "EdDSA"), applied: appliedRevision });
  }

  /** Takes a report, or returns null: then it is to be heard singly, and that says what is wrong. */
  async take(request: SignedRequest): Promise<TakenReport | null> {
    const jwt = /^Bearer ([A-Za-z0-9_.-]{20,2000})$/.exec(request.authorization ?? "")?.[1];
    const claims = jwt === undefined ? null : readClaims(jwt);
    const known = claims === null ? undefined : this.#nodes.get(claims.iss);
    if (jwt === undefined || claims === null || known === undefined) return null;
    if (!(await isSigned(jwt, known)) || !isBoundTo(request, claims) || !isTimely(claims, this.#ctx.now())) return null;
    const report = readPlain(request.body);
    if (report === null || this.#waiting.has(claims.iss)) return null;
    const isNews = report.appliedRevision !== known.applied;
    known.applied = report.appliedRevision;
    const entry = {
      nodeId: claims.iss,
      jti: claims.jti,
      expiresAt: rememberedUntil(claims),
      signingKey: known.signingKey,
      report,
    };
    const response = await this.#enqueue(entry, isNews ? NEWS_HOLD_MS : this.#isWatched ? WATCHED_HOLD_MS : HOLD_MS);
    if (response === null) this.#nodes.delete(claims.iss);
    return response === null ? null : { node: { id: claims.iss, jti: claims.jti }, response };
  }

  #enqueue(entry: PlainReport, holdMs: number): Promise<ReportResponse | null> {
    return new Promise((answer) => {
      this.#waiting.set(entry.nodeId, { entry, answer });
      this.#plan(holdMs);
    });
  }

  #plan(holdMs: number): void {
    const dueMs = performance.now() + holdMs;
    if (this.#isTaking || dueMs >= this.#dueMs) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#dueMs = dueMs;
    this.#timer = setTimeout(() => void this.#takeAll(), holdMs);
  }

  async #takeAll(): Promise<void> {
    this.#timer = null;
    this.#dueMs = Number.POSITIVE_INFINITY;
    this.#isTaking = true;
    const batch = [...this.#waiting.values()].slice(0, REPORTS_MAX);
    for (const { entry } of batch) this.#waiting.delete(entry.nodeId);
    const answers = await reportNodes(
      this.#ctx,
      batch.map(({ entry }) => entry),
    ).catch(() => null);
    for (const response of answers?.values() ?? []) this.#isWatched = response.nextReportMs !== undefined;
    for (const { entry, answer } of batch) answer(answers?.get(entry.nodeId) ?? null);
    this.#isTaking = false;
    if (this.#waiting.size > 0) this.#plan(NEWS_HOLD_MS);
  }
}

async function isSigned(jwt: string, { key }: KnownNode): Promise<boolean> {
  try {
    await compactVerify(jwt, key, { algorithms: ["EdDSA"] });
    return true;
  } catch {
    return false;
  }
}

function readPlain(body: Buffer): NodeReport | null {
  try {
    const parsed = NodeReport.safeParse(JSON.parse(body.toString("utf8")));
    return parsed.success && isPlain(parsed.data) ? parsed.data : null;
  } catch {
    return null;
  }
}
