import cluster, { type Worker } from "node:cluster";
import { Backoff } from "./control/backoff.ts";
import type { GatewayEnv } from "./env.ts";
import type { Log } from "./log.ts";

/** A node that ran this long was well: the next failure starts with a short pause again. */
const STABLE_AFTER_MS = 60_000;
/** On top of the time that a node gives its running calls. */
const STOP_GRACE_MS = 10_000;
/** How long a restarted node may take to answer before the next one is restarted. */
const LISTEN_MAX_MS = 60_000;

/** With what a node ends that cannot start however often it is tried: without an identity and a valid join token. */
export const CANNOT_JOIN = 78;

/** One place for a node: its directory, name and status port stay the same whatever process fills it. */
interface Place {
  readonly env: Record<string, string>;
  readonly label: string;
  worker: Worker | null;
  readonly backoff: Backoff;
  startedMs: number;
  /** It was told to end: by a restart, or because everything ends. */
  isExpectedToEnd: boolean;
  /** The control plane removed the node, or does not let it join: its place stays empty. */
  isGivenUp: boolean;
}

/**
 * Several nodes on one machine behind one port, as a bigger machine wants them: one process is one node with one event
 * loop, and this process owns the listening socket and hands each connection to a node (node:cluster's round robin,
 * which asks another node when the one that was asked is closing). It carries no call itself.
 *
 * A node that dies is started again. SIGHUP restarts them one after another, so that the port is never without one;
 * SIGTERM drains them all.
 */
export class LocalNodes {
  private readonly env: GatewayEnv;
  private readonly log: Log;
  private readonly places: Place[];
  private isStopping = false;
  private rolling: Promise<void> | null = null;

  constructor(env: GatewayEnv, log: Log) {
    this.env = env;
    this.log = log;
    const joinTokens = env.TURNPIKE_JOIN_TOKEN?.split(",") ?? [];
    this.places = Array.from({ length: env.GATEWAY_NODES }, (_, index) => placeOf(env, index, joinTokens[index] ?? ""));
  }

  start(): void {
    cluster.schedulingPolicy = cluster.SCHED_RR;
    cluster.on("exit", (worker, code, signal) => this.ended(worker, code, signal));
    for (const place of this.places) this.fork(place);
    process.on("SIGHUP", () => this.restartAll());
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => this.stop(signal));
    if (this.env.TURNPIKE_PARENT_PIPE !== "1") return;
    process.stdin.on("end", () => this.stop("the parent is gone"));
    process.stdin.on("error", () => this.stop("the parent is gone"));
    process.stdin.resume();
  }

  private fork(place: Place): void {
    place.isExpectedToEnd = false;
    place.startedMs = performance.now();
    place.worker = cluster.fork(place.env);
    this.log.info({ node: place.label, pid: place.worker.process.pid ?? null }, "node started");
  }

  private ended(worker: Worker, code: number, signal: string | null): void {
    const place = this.places.find((each) => each.worker === worker);
    if (place === undefined) return;
    place.worker = null;
    const how = signal ?? `status ${code}`;
    place.isGivenUp ||= (code === 0 || code === CANNOT_JOIN) && signal === null && !place.isExpectedToEnd;
    if (code === CANNOT_JOIN) process.exitCode = 1;
    if (this.isStopping || place.isGivenUp) {
      this.log.info({ node: place.label, how }, "node ended");
      this.exitIfDone();
      return;
    }
    if (place.isExpectedToEnd) return;
    if (performance.now() - place.startedMs > STABLE_AFTER_MS) place.backoff.succeeded();
    const waitMs = place.backoff.nextMs();
    this.log.error({ node: place.label, how, waitMs }, "node ended unexpectedly; starting it again");
    setTimeout(() => {
      if (!this.isStopping && place.worker === null) this.fork(place);
    }, waitMs);
  }

  private restartAll(): void {
    this.rolling ??= this.roll().finally(() => {
      this.rolling = null;
    });
  }

  private async roll(): Promise<void> {
    this.log.info({ nodes: this.places.length }, "restarting the nodes one after another");
    for (const place of this.places) {
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
    const isWaiting = this.places.some((each) => each.worker !== null || !(each.isGivenUp || this.isStopping));
    if (!isWaiting) process.exit();
  }
}

/** The first node keeps the names that a single one has, so that more nodes may be asked for later. */
function placeOf(env: GatewayEnv, index: number, joinToken: string): Place {
  const suffix = index === 0 ? "" : `-${index + 1}`;
  const label = `${env.TURNPIKE_NODE_NAME}${suffix}`;
  return {
    label,
    env: {
      GATEWAY_NODES: "1",
      TURNPIKE_NODE_DIR: `${env.nodeDirectory}${suffix}`,
      TURNPIKE_NODE_NAME: label,
      GATEWAY_STATUS_PORT: String(env.GATEWAY_STATUS_PORT === 0 ? 0 : env.GATEWAY_STATUS_PORT + index),
      TURNPIKE_JOIN_TOKEN: joinToken.trim(),
      TURNPIKE_PARENT_PIPE: "0",
    },
    worker: null,
    backoff: new Backoff(500, 10_000, Math.random),
    startedMs: 0,
    isExpectedToEnd: false,
    isGivenUp: false,
  };
}
