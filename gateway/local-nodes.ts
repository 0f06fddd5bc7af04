import cluster, { type Worker } from "node:cluster";
import { randomUUID } from "node:crypto";
import type { GatewayEnv } from "./env.ts";
import { type ToNode, ToSupervisor } from "./local-messages.ts";
import { canStart, type Place, placeOf, settleStatusPort } from "./local-place.ts";
import { errorFacts, type Log } from "./log.ts";

/** A node that ran this long was well: the next failure starts with a short pause again. */
const STABLE_AFTER_MS = 60_000;
/** On top of the time that a node gives its running calls. */
const STOP_GRACE_MS = 10_000;
/** How long a restarted node may take to answer before the next one is restarted. */
const LISTEN_MAX_MS = 60_000;
/** How long a node may take to get a join token for another one. */
const TOKEN_MAX_MS = 10_000;

/** With what a node ends that cannot start however often it is tried: without an identity and a valid join token. */
export const CANNOT_JOIN = 78;

/**
 * Several nodes on one machine behind one port, as a bigger machine wants them: one process is one node with one event
 * loop, and this process owns the listening socket and hands each connection to a node (node:cluster's round robin,
 * which asks another node when the one that was asked is closing). It carries no call itself.
 *
 * A node that dies is started again. SIGHUP restarts them one after another, so that the port is never without one;
 * SIGTERM drains them all. How many there are is what the control plane says to the nodes with the answers to their
 * reports, up to `nodesMax`: a node that is no longer wanted is drained, and one that is new gets its join token the same
 * way. Until it says something there are as many as were asked for at the start.
 */
export class LocalNodes {
  private readonly env: GatewayEnv;
  private readonly log: Log;
  /** Of this run. */
  private readonly id = randomUUID();
  private readonly places: Place[];
  private isStopping = false;
  /** What the control plane wants; null: nothing. */
  private wanted: number | null = null;
  /** Restarts and changes of the number of nodes, one after another. */
  private work: Promise<void> = Promise.resolve();
  private isRolling = false;
  private isAdjusting = false;
  private isAdjustDue = false;
  private tokenWaiter: ((token: string | null) => void) | null = null;

  constructor(env: GatewayEnv, log: Log) {
    this.env = env;
    this.log = log;
    const joinTokens = env.TURNPIKE_JOIN_TOKEN?.split(",") ?? [];
    this.places = Array.from({ length: env.nodesMax }, (_, index) => placeOf(env, index, joinTokens[index] ?? ""));
  }

  start(): void {
    cluster.schedulingPolicy = cluster.SCHED_RR;
    cluster.on("exit", (worker, code, signal) => this.ended(worker, code, signal));
    cluster.on("message", (_worker, message: unknown) => this.heard(message));
    for (const place of this.wantedPlaces()) this.fork(place);
    process.on("SIGHUP", () => this.restartAll());
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => this.stop(signal));
    if (this.env.TURNPIKE_PARENT_PIPE !== "1") return;
    process.stdin.on("end", () => this.stop("the parent is gone"));
    process.stdin.on("error", () => this.stop("the parent is gone"));
    process.stdin.resume();
  }

  /** Those that are to have a node now. A place that is draining has its directory in use: another one stands in for it. */
  private wantedPlaces(): Place[] {
    if (this.wanted === null) return this.places.slice(0, this.env.GATEWAY_NODES).filter((place) => !place.isGivenUp);
    return this.places.filter((place) => !place.isGivenUp && !isEnding(place)).slice(0, this.wanted);
  }

  private fork(place: Place): void {
    place.isExpectedToEnd = false;
    place.startedMs = performance.now();
    const supervisor = `${this.id}:${this.env.nodesMax}${this.wantedPlaces().length > 1 ? "" : ":alone"}`;
    place.worker = cluster.fork({ ...place.env, TURNPIKE_SUPERVISOR: supervisor });
    this.log.info({ node: place.label, pid: place.worker.process.pid ?? null }, "node started");
  }

  private heard(message: unknown): void {
    const parsed = ToSupervisor.safeParse(message);
    if (!parsed.success) return;
    if (parsed.data.kind === "joinToken") {
      this.tokenWaiter?.(parsed.data.token);
      return;
    }
    const { nodes } = parsed.data;
    const wanted = nodes === null ? null : Math.min(nodes, this.env.nodesMax);
    if (wanted !== this.wanted) this.log.info({ from: this.wanted, to: wanted }, "the control plane wants other nodes");
    this.wanted = wanted;
    this.adjustSoon();
  }

  private ended(worker: Worker, code: number, signal: string | null): void {
    const place = this.places.find((each) => each.worker === worker);
    if (place === undefined) return;
    place.worker = null;
    const how = signal ?? `status ${code}`;
    place.isGivenUp ||= (code === 0 || code === CANNOT_JOIN) && signal === null && !place.isExpectedToEnd;
    if (code === CANNOT_JOIN) process.exitCode = 1;
    if (this.isStopping || place.isGivenUp || place.isExpectedToEnd) {
      this.log.info({ node: place.label, how }, "node ended");
      if (this.wanted !== null) this.adjustSoon();
      this.exitIfDone();
      return;
    }
    if (performance.now() - place.startedMs > STABLE_AFTER_MS) place.backoff.succeeded();
    const waitMs = place.backoff.nextMs();
    this.log.error({ node: place.label, how, waitMs }, "node ended unexpectedly; starting it again");
    place.isPausing = true;
    setTimeout(() => {
      place.isPausing = false;
      if (!this.isStopping && this.wantedPlaces().includes(place)) this.fork(place);
    }, waitMs);
  }

  private adjustSoon(): void {
    if (this.isStopping) return;
    this.isAdjustDue = true;
    if (this.isAdjusting) return;
    this.isAdjusting = true;
    this.afterwards(async () => {
      while (this.isAdjustDue && !this.isStopping) {
        this.isAdjustDue = false;
        await this.adjust();
      }
      this.isAdjusting = false;
      this.exitIfDone();
    });
  }

  /** Does it once what is under way is done. */
  private afterwards(work: () => Promise<void>): void {
    this.work = this.work.then(work).catch((error: unknown) => {
      this.isAdjusting = false;
      this.isRolling = false;
      this.log.error(errorFacts(error), "could not change the nodes");
    });
  }

  /** Ends what is not wanted, and starts what is wanted and does not run. What cannot be started now is tried again later. */
  private async adjust(): Promise<void> {
    const wanted = new Set(this.wantedPlaces());
    for (const place of this.places) {
      if (place.worker === null || wanted.has(place) || isEnding(place)) continue;
      this.log.info({ node: place.label }, "one node fewer is wanted: draining it");
      void this.end(place, place.worker);
    }
    for (const place of wanted) {
      if (this.isStopping || place.worker !== null || place.isPausing) continue;
      if (!canStart(place)) place.env.TURNPIKE_JOIN_TOKEN = (await this.joinToken()) ?? "";
      if (!canStart(place) || this.isStopping) return;
      await settleStatusPort(place, this.env.GATEWAY_STATUS_HOST);
      this.fork(place);
    }
  }

  /** Lets a node that runs ask the control plane for a join token; null when it gives none in time. */
  private joinToken(): Promise<string | null> {
    const worker = this.places.find((place) => place.worker?.isConnected() && !isEnding(place))?.worker;
    if (!worker) return Promise.resolve(null);
    return new Promise((resolve) => {
      const settle = (token: string | null): void => {
        clearTimeout(timer);
        this.tokenWaiter = null;
        resolve(token);
      };
      const timer = setTimeout(() => settle(null), TOKEN_MAX_MS);
      this.tokenWaiter = settle;
      worker.send({ kind: "askForJoinToken" } satisfies ToNode, (error) => {
        if (error) settle(null);
      });
    });
  }

  private restartAll(): void {
    if (this.isRolling) return;
    this.isRolling = true;
    this.afterwards(async () => {
      await this.roll();
      this.isRolling = false;
    });
  }

  private async roll(): Promise<void> {
    const places = this.wantedPlaces();
    const [only] = places;
    if (places.length === 1 && only?.worker) {
      // Alone it would leave the port closed for a moment: it looks for a new certificate and stays.
      only.worker.process.kill("SIGHUP");
      return;
    }
    this.log.info({ nodes: places.length }, "restarting the nodes one after another");
    for (const place of places) {
      if (this.isStopping) return;
      if (place.isGivenUp) continue;
      if (place.worker !== null) await this.end(place, place.worker);
      if (this.isStopping) return;
      this.fork(place);
      await this.listens(place);
    }
    this.log.info({}, "every node was restarted");
  }

  private async end(place: Place, worker: Worker): Promise<void> {
    place.isExpectedToEnd = true;
    const ended = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
    worker.process.kill("SIGTERM");
    const timer = setTimeout(
      () => worker.process.kill("SIGKILL"),
      this.env.TURNPIKE_DRAIN_SECONDS * 1_000 + STOP_GRACE_MS,
    );
    await ended;
    clearTimeout(timer);
  }

  private async listens(place: Place): Promise<void> {
    const { worker } = place;
    if (worker === null) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, LISTEN_MAX_MS);
      const done = (): void => {
        clearTimeout(timer);
        resolve();
      };
      worker.once("listening", done);
      worker.once("exit", done);
    });
  }

  private stop(why: string): void {
    if (this.isStopping) return;
    this.isStopping = true;
    this.log.info({ why }, "draining every node");
    for (const place of this.places) if (place.worker !== null) void this.end(place, place.worker);
    this.exitIfDone();
  }

  private exitIfDone(): void {
    if (this.places.some((each) => each.worker !== null)) return;
    // Without a node there is nobody to ask for a join token.
    const canGoOn = this.wantedPlaces().some((place) => place.isPausing || canStart(place));
    if (this.isStopping || !canGoOn) process.exit();
  }
}

/** It runs, and has been told to end. */
function isEnding(place: Place): boolean {
  return place.worker !== null && place.isExpectedToEnd;
}
