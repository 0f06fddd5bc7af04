import type { Server } from "node:http";
import type { NodeReport } from "#lib/contract/node-protocol.ts";
import { ControlClock } from "./control/clock.ts";
import { forgetIdentity, KnownIdentity } from "./control/identity.ts";
import type { NodeCommand } from "./control/link.ts";
import { Supervised } from "./control/supervised.ts";
import { waitUntil } from "./control/wait-until.ts";
import { NodeControl, problem, spoolRoot } from "./node-control.ts";
import { NodeLanes } from "./node-lanes.ts";
import type { NodeOptions } from "./node-options.ts";
import { NodeTraffic } from "./node-traffic.ts";
import type { Call } from "./pipeline/call.ts";
import { listen, portOf } from "./server/listen.ts";
import { TlsListening } from "./server/tls-listening.ts";
import { TlsServing } from "./server/tls-serving.ts";
import { Metrics } from "./status/metrics.ts";
import { RevisionTrafficMeter } from "./status/revision-traffic.ts";
import { createStatusServer } from "./status/server.ts";
import { UtilisationMeter } from "./status/utilisation.ts";
import { newIncarnation } from "./usage/incarnation.ts";
import { Spool } from "./usage/spool.ts";

const SPOOL_BYTES_MAX = 1_024 * 1_024 * 1_024;
/** What is left to report at the end of a drain may take this long. */
const LAST_REPORT_MS = 2_000;

/**
 * One gateway node: its lanes from the control plane, its listener, its pipeline and its spool. It starts from what its
 * disk holds and needs the control plane to learn and to report, never to answer a call.
 */
export class GatewayNode {
  private readonly options: NodeOptions;
  private readonly identity: KnownIdentity;
  private readonly utilisation = new UtilisationMeter();
  private readonly revisionTraffic: RevisionTrafficMeter;
  private readonly lanes: NodeLanes;
  private readonly spool: Spool;
  private readonly traffic: NodeTraffic;
  private readonly control: NodeControl;
  private readonly tls: TlsServing | null;
  private readonly tlsListening: TlsListening | null;
  private readonly metrics: Metrics;
  private readonly statusServer: Server;
  private readonly supervised: Supervised | null;
  private isDraining = false;
  private isLeaving = false;
  private isRemoved = false;
  private stopped: Promise<void> | null = null;

  private constructor(options: NodeOptions, tls: TlsServing | null) {
    this.options = options;
    this.tls = tls;
    const { log } = options;
    const clock = new ControlClock(Date.now);
    this.supervised =
      options.supervisor === undefined
        ? null
        : new Supervised(options.supervisor, () => this.control.reports.reportNow());
    this.identity = new KnownIdentity(options.nodeDirectory, options.identity);
    const { identity } = this;
    this.lanes = new NodeLanes({
      identity,
      nodeDirectory: options.nodeDirectory,
      onSwap: (snapshot) => this.traffic.retain(snapshot),
      onDirectory: (changes) => this.traffic.purge(changes),
      onWriteFailed: problem(log, "directory file"),
    });
    const incarnation = newIncarnation(Date.now());
    this.revisionTraffic = new RevisionTrafficMeter(incarnation);
    this.spool = new Spool({
      root: spoolRoot(options),
      incarnation,
      bytesMax: options.spoolBytesMax ?? SPOOL_BYTES_MAX,
    });
    const { lanes, spool } = this;
    this.traffic = new NodeTraffic(options, {
      lanes,
      spool,
      clock,
      tls,
      onChange: () => this.control.reports.reportNow(),
      onFinished: (call) => this.finished(call),
    });
    this.control = new NodeControl(options, {
      identity,
      lanes,
      spool,
      clock,
      makeReport: () => this.report(),
      onTaken: (answer, askedAtMs) => {
        const { servingNodes } = answer;
        this.lanes.confirmFresh(answer, askedAtMs);
        this.supervised?.taken(answer);
        if (servingNodes !== undefined) this.traffic.limiter.learnServingNodes(servingNodes);
        return this.traffic.health.taken();
      },
      onCommand: (command) => this.obey(command),
    });
    this.tlsListening =
      tls === null || options.tls === undefined ? null : new TlsListening(tls, options.tls, this.traffic.listener, log);
    this.metrics = this.makeMetrics();
    this.statusServer = createStatusServer({ notReadyReason: () => this.notReadyReason() }, this.metrics);
  }

  /** Starts a node: loads what the disk holds, listens, and connects. Rejects when a port is taken. */
  static async start(options: NodeOptions): Promise<GatewayNode> {
    const tls = options.tls === undefined ? null : await TlsServing.load(options.tls, Date.now);
    const node = new GatewayNode(options, tls);
    await node.lanes.load(options.log);
    const { server } = node.traffic.listener;
    try {
      await listen(node.statusServer, options.statusPort, options.statusHost, true);
      if ((options.readyWaitMs ?? 0) === 0) await listen(server, options.port, options.host);
      if (options.tls !== undefined) await node.tlsListening?.start(options.tls, options.host);
      node.control.start();
      if (!server.listening) {
        await waitUntil(() => node.notReadyReason() === null, options.readyWaitMs ?? 0);
        await listen(server, options.port, options.host);
      }
    } catch (error) {
      node.halt();
      throw error;
    }
    return node;
  }

  /** The port calls are taken on. */
  get port(): number {
    return portOf(this.traffic.listener.server);
  }

  get statusPort(): number {
    return portOf(this.statusServer);
  }

  /** Where plain HTTP is redirected; 0 for nowhere. */
  get redirectPort(): number {
    return this.tlsListening?.redirectPort ?? 0;
  }

  /** Changes the key that this node signs with, now. */
  async rotateKey(): Promise<void> {
    await this.control.rotateKey();
  }

  /** Looks at the certificate's files now. */
  async lookAtCertificate(): Promise<void> {
    await this.tlsListening?.look();
  }

  /** The revision in force; 0 before the first. */
  get revision(): number {
    return this.lanes.revision;
  }

  /** Why this node should get no calls now, or null. */
  notReadyReason(): string | null {
    return this.isDraining ? "draining" : this.lanes.missing();
  }

  private report(): NodeReport {
    const { snapshots, directory, credentials } = this.lanes;
    const { listener, health, limiter } = this.traffic;
    return {
      version: this.options.version,
      state: this.isDraining ? "draining" : this.notReadyReason() === null ? "serving" : "starting",
      epoch: snapshots.current?.epoch ?? 0,
      appliedRevision: this.revision,
      rejected: snapshots.rejection,
      directoryCursor: directory.current.cursor,
      credentialVersion: credentials.version,
      nodeTime: new Date().toISOString(),
      utilisation: this.utilisation.read(listener.callsInFlight, this.spool.pendingEvents),
      ...health.reported(),
      ...this.control.reported(),
      ...limiter.reported(),
      ...this.supervised?.reported(),
      ...(this.isLeaving ? { isLast: true } : {}),
      ...this.revisionTraffic.reported(),
    };
  }

  private finished(call: Call): void {
    const durationMs = performance.now() - call.startedMs;
    this.utilisation.counted();
    if (call.consumer !== null) this.revisionTraffic.counted(call.snapshot.number, call.outcome, durationMs);
    this.metrics.finished(call, durationMs / 1_000);
  }

  private makeMetrics(): Metrics {
    const { traffic, control, spool } = this;
    return new Metrics({
      revision: () => this.revision,
      callsInFlight: () => traffic.listener.callsInFlight,
      spoolEvents: () => spool.pendingEvents,
      spoolBytes: () => spool.bytesOnDisk,
      spoolRefused: () => spool.refused,
      eventsQuarantined: () => control.usage.quarantined,
      streamConnected: () => control.stream.isConnected,
      tls: this.tls,
      fleet: traffic.health.fleet,
      answers: traffic.answers,
      healthEventsDropped: () => traffic.health.eventsDropped,
      denialsUnrecorded: () => traffic.denials.unrecorded,
      limits: traffic.limiter,
    });
  }

  private obey(command: NodeCommand): void {
    this.options.log.info({ command }, "the control plane commands");
    if (command === "remove") {
      void this.remove();
      return;
    }
    this.isDraining = command === "drain";
    this.traffic.listener.setDraining(this.isDraining);
    this.control.reports.reportNow();
  }

  /** Calls end within ten seconds and none begins; nothing stays on disk but that there was a node here. */
  private async remove(): Promise<void> {
    if (this.isRemoved) return;
    this.isRemoved = true;
    await this.stop(10_000);
    await this.lanes.forget();
    await forgetIdentity(this.options.nodeDirectory, this.identity.current);
    this.options.onRemoved();
  }

  /**
   * Goes down in order: not ready, no new connection, calls under way finish within `drainMs`, what was used is on disk
   * and, where the control plane is there, reported.
   */
  stop(drainMs: number): Promise<void> {
    this.stopped ??= this.goDown(drainMs);
    return this.stopped;
  }

  private async goDown(drainMs: number): Promise<void> {
    this.isDraining = true;
    this.control.reports.reportNow();
    await this.traffic.listener.drain(drainMs);
    await this.spool.settle(1_000);
    await waitUntil(() => this.spool.isDrained || !this.control.stream.isConnected, LAST_REPORT_MS);
    await this.lanes.flush();
    this.isLeaving = true;
    await this.control.reports.sendLast(LAST_REPORT_MS);
    this.halt();
    this.traffic.closeUpstreams();
    await this.control.close();
    this.spool.close();
  }

  private halt(): void {
    this.tlsListening?.stop();
    this.control.halt();
    this.utilisation.stop();
    this.traffic.halt();
    this.statusServer.close();
    this.statusServer.closeAllConnections();
  }
}
