import type { Server } from "node:http";
import { join } from "node:path";
import { TargetBalancer } from "./balance/balancer.ts";
import { RetryBudget } from "./balance/retry-budget.ts";
import { AnswerCache } from "./cache/answer-cache.ts";
import { StoreAnswers } from "./cache/store-answers.ts";
import { Backoff } from "./control/backoff.ts";
import { ControlClock, monotonicMs } from "./control/clock.ts";
import { ControlLink, type NodeCommand } from "./control/link.ts";
import { ReportLoop } from "./control/reporter.ts";
import { SignedClient } from "./control/signed-client.ts";
import { StreamClient } from "./control/stream-client.ts";
import { waitUntil } from "./control/wait-until.ts";
import { NodeHealth } from "./health/node-health.ts";
import { CallLimits } from "./limits/call-limits.ts";
import { DenialBound } from "./limits/denial-bound.ts";
import { errorFacts } from "./log.ts";
import type { NodeOptions } from "./node-options.ts";
import type { Call } from "./pipeline/call.ts";
import type { PipelineParts } from "./pipeline/parts.ts";
import { Pipeline } from "./pipeline/run.ts";
import { PIPELINE } from "./pipeline/stages.ts";
import { listen, portOf } from "./server/listen.ts";
import { GatewayListener } from "./server/listener.ts";
import { TlsListening } from "./server/tls-listening.ts";
import { TlsServing } from "./server/tls-serving.ts";
import { openSharedStore } from "./shared/open-shared-store.ts";
import { SnapshotHolder } from "./snapshot/apply.ts";
import { CredentialStore } from "./snapshot/credentials.ts";
import { Directory } from "./snapshot/directory.ts";
import { DirectoryFile } from "./snapshot/directory-file.ts";
import { DirectoryWriter } from "./snapshot/directory-writer.ts";
import { deriveStorageKey } from "./snapshot/sealed-bytes.ts";
import { priceKey } from "./snapshot/snapshot.ts";
import { importVerifyKey } from "./snapshot/verify-revision.ts";
import { Metrics } from "./status/metrics.ts";
import { createStatusServer } from "./status/server.ts";
import { UtilisationMeter } from "./status/utilisation.ts";
import { askOnce } from "./upstream/ask-once.ts";
import { HttpUpstreamClient } from "./upstream/http-client.ts";
import { newIncarnation } from "./usage/incarnation.ts";
import type { PriceLookup } from "./usage/intent.ts";
import { UsageReporter } from "./usage/reporter.ts";
import { Spool } from "./usage/spool.ts";
import { UsageLoop } from "./usage/usage-loop.ts";

const BODY_BYTES_MAX = 32 * 1_024 * 1_024;
const CACHE_BYTES_MAX = 128 * 1_024 * 1_024;
const SPOOL_BYTES_MAX = 1_024 * 1_024 * 1_024;
const SWEEP_MS = 60_000;
/** What is left to report at the end of a drain may take this long. */
const LAST_REPORT_MS = 2_000;

/**
 * One gateway node: its lanes from the control plane, its listener, its pipeline and its spool. It starts from what its
 * disk holds and needs the control plane to learn and to report, never to answer a call.
 */
export class GatewayNode {
  private readonly options: NodeOptions;
  private readonly clock = new ControlClock(Date.now);
  private readonly health = new NodeHealth({
    credentialsOf: (upstreamId) => this.credentials.forUpstream(upstreamId),
    upstreamWaitMs: (upstream) => this.limiter.upstreamWaitMs(upstream),
    nowMs: this.clock.nowMs,
    monotonicMs,
    random: Math.random,
    onChange: (change) => {
      this.options.log.info({ ...change }, "health changed");
      this.reports.reportNow();
    },
  });
  private readonly balancer = new TargetBalancer(this.health.fleet, Math.random);
  private readonly answers: AnswerCache;
  private readonly limiter: CallLimits;
  private readonly denials = new DenialBound(monotonicMs);
  private readonly upstreams = new HttpUpstreamClient();
  private readonly utilisation = new UtilisationMeter();
  private readonly snapshots: SnapshotHolder;
  private readonly credentials: CredentialStore;
  private readonly directory: Directory;
  private readonly directoryFile: DirectoryFile;
  private readonly directoryWriter: DirectoryWriter;
  private readonly spool: Spool;
  private readonly usage: UsageLoop;
  private readonly client: SignedClient;
  private readonly stream: StreamClient;
  private readonly reports: ReportLoop;
  private readonly listener: GatewayListener;
  private readonly tls: TlsServing | null;
  private readonly tlsListening: TlsListening | null;
  private readonly metrics: Metrics;
  private readonly statusServer: Server;
  private readonly sweeper: NodeJS.Timeout;
  private readonly loops: Promise<void>[] = [];
  private isDraining = false;
  private stopped: Promise<void> | null = null;

  private constructor(options: NodeOptions, tls: TlsServing | null) {
    this.options = options;
    this.tls = tls;
    const { identity, nodeDirectory: directory } = options;
    const { sharedStoreUrl: url, sharedStoreDeadlineMs: deadlineMs, log } = options;
    const nodes = (): number | null => this.limiter.counted.nodes;
    const store = openSharedStore({ url, deadlineMs, log }, nodes, () => this.reports.reportNow());
    this.limiter = new CallLimits(monotonicMs, store);
    this.answers = new AnswerCache(options.cacheBytesMax ?? CACHE_BYTES_MAX, store && new StoreAnswers(store));
    const storageKey = deriveStorageKey(identity.sealingKey.d, identity.nodeId);
    this.snapshots = new SnapshotHolder({
      controlKey: importVerifyKey(identity.controlKey),
      storageKey,
      directory,
      onSwap: (snapshot) => {
        this.health.retain(snapshot);
        this.balancer.retain(snapshot);
        this.answers.retain(snapshot.routes);
      },
    });
    this.credentials = new CredentialStore({
      nodeId: identity.nodeId,
      sealingKey: identity.sealingKey,
      storageKey,
      directory,
    });
    this.directory = new Directory((changes) => {
      this.directoryWriter.changed();
      this.answers.purgeChanged(changes, this.snapshots.current);
    });
    this.directoryFile = new DirectoryFile(storageKey, directory);
    this.directoryWriter = new DirectoryWriter(this.directory, this.directoryFile, this.problem("directory file"));
    this.client = new SignedClient(identity, this.clock);
    const spoolRoot = join(directory, "spool");
    this.spool = new Spool({
      root: spoolRoot,
      incarnation: newIncarnation(Date.now()),
      bytesMax: options.spoolBytesMax ?? SPOOL_BYTES_MAX,
    });
    this.usage = this.makeUsageLoop(spoolRoot);
    this.reports = this.makeReports();
    this.stream = this.makeStream();
    this.listener = this.makeListener();
    this.tlsListening =
      tls === null || options.tls === undefined ? null : new TlsListening(tls, options.tls, this.listener, options.log);
    this.metrics = this.makeMetrics();
    this.statusServer = createStatusServer({ notReadyReason: () => this.notReadyReason() }, this.metrics);
    this.sweeper = setInterval(() => {
      this.limiter.sweep();
      this.denials.sweep();
    }, SWEEP_MS);
    this.sweeper.unref();
  }

  /** Starts a node: loads what the disk holds, listens, and connects. Rejects when a port is taken. */
  static async start(options: NodeOptions): Promise<GatewayNode> {
    const tls = options.tls === undefined ? null : await TlsServing.load(options.tls, Date.now);
    const node = new GatewayNode(options, tls);
    await node.load();
    try {
      await listen(node.statusServer, options.statusPort, options.statusHost, true);
      if ((options.readyWaitMs ?? 0) === 0) await listen(node.listener.server, options.port, options.host);
      if (options.tls !== undefined) await node.tlsListening?.start(options.tls, options.host);
      node.reports.start();
      node.loops.push(node.stream.run(), node.usage.run());
      if (!node.listener.server.listening) {
        await waitUntil(() => node.notReadyReason() === null, options.readyWaitMs ?? 0);
        await listen(node.listener.server, options.port, options.host);
      }
    } catch (error) {
      node.halt();
      throw error;
    }
    return node;
  }

  /** The port calls are taken on. */
  get port(): number {
    return portOf(this.listener.server);
  }

  get statusPort(): number {
    return portOf(this.statusServer);
  }

  /** Where plain HTTP is redirected; 0 for nowhere. */
  get redirectPort(): number {
    return this.tlsListening?.redirectPort ?? 0;
  }

  /** Looks at the certificate's files now. */
  async lookAtCertificate(): Promise<void> {
    await this.tlsListening?.look();
  }

  /** The revision in force; 0 before the first. */
  get revision(): number {
    return this.snapshots.current?.number ?? 0;
  }

  /** Why this node should get no calls now, or null. */
  notReadyReason(): string | null {
    if (this.isDraining) return "draining";
    if (this.snapshots.current === null) return "no snapshot yet";
    if (!this.directory.isComplete) return "directory is not complete yet";
    return null;
  }

  private async load(): Promise<void> {
    await this.credentials.load();
    const hasSnapshot = await this.snapshots.load();
    const directory = await this.directoryFile.read();
    if (directory !== null) this.directory.restore(directory);
    this.options.log.info(
      { revision: this.revision, hasSnapshot, hasDirectory: directory !== null },
      "loaded from disk",
    );
  }

  private readonly problem =
    (about: string) =>
    (error: unknown): void => {
      this.options.log.warn({ about, ...errorFacts(error) }, "problem");
    };

  private makeUsageLoop(root: string): UsageLoop {
    const reporter = (): UsageReporter =>
      new UsageReporter({
        post: (path, body) => this.client.post(path, body),
        backoff: new Backoff(100, 10_000, Math.random),
        onProblem: this.problem("usage report"),
      });
    return new UsageLoop({
      root,
      spool: this.spool,
      live: reporter(),
      left: reporter(),
      priceOf: (provider, model) => this.priceOf(provider, model),
      onRecovered: (facts) => this.options.log.info(facts, "spool of an earlier process found"),
      onProblem: this.problem("spool recovery"),
    });
  }

  private priceOf(provider: string, model: string): ReturnType<PriceLookup> {
    const snapshot = this.snapshots.current;
    const price = snapshot?.prices.get(priceKey(provider, model));
    return snapshot === null || price === undefined ? null : { price, version: snapshot.priceVersion };
  }

  private makeReports(): ReportLoop {
    return new ReportLoop({
      client: this.client,
      clock: this.clock,
      everyMs: this.options.reportEveryMs ?? 5_000,
      onProblem: this.problem("report"),
      makeReport: () => ({
        version: this.options.version,
        state: this.isDraining ? "draining" : this.notReadyReason() === null ? "serving" : "starting",
        epoch: this.snapshots.current?.epoch ?? 0,
        appliedRevision: this.revision,
        rejected: this.snapshots.rejection,
        directoryCursor: this.directory.current.cursor,
        credentialVersion: this.credentials.version,
        nodeTime: new Date().toISOString(),
        utilisation: this.utilisation.read(this.listener.callsInFlight, this.spool.pendingEvents),
        ...this.health.reported(),
        ...this.limiter.reported(),
      }),
      onTaken: ({ servingNodes }) => {
        if (servingNodes !== undefined) this.limiter.learnServingNodes(servingNodes);
        return this.health.taken();
      },
    });
  }

  private makeStream(): StreamClient {
    const receiver = new ControlLink({
      snapshots: this.snapshots,
      directory: this.directory,
      credentials: this.credentials,
      clock: this.clock,
      reportNow: () => this.reports.reportNow(),
      onCommand: (command) => this.obey(command),
      onProblem: this.problem("stream message"),
    });
    return new StreamClient({
      client: this.client,
      receiver,
      backoff: new Backoff(100, 5_000, Math.random),
      silenceMsMax: 45_000,
      onProblem: this.problem("stream"),
    });
  }

  private makeListener(): GatewayListener {
    const parts: PipelineParts = {
      limiter: this.limiter,
      answers: this.answers,
      balancer: this.balancer,
      fleet: this.health.fleet,
      retryBudget: new RetryBudget(performance.now()),
      upstreams: this.upstreams,
      spool: this.spool,
      secretOf: (upstreamId) => this.credentials.forUpstream(upstreamId)[0]?.secret ?? null,
      providerTools: { ask: (asked) => askOnce(this.upstreams, asked, monotonicMs()), nowMs: this.clock.nowMs },
      directory: this.directory,
      nowMs: this.clock.nowMs,
      monotonicMs,
      random: Math.random,
      bodyBytesMax: BODY_BYTES_MAX,
      mayRecordDenial: this.denials.take,
      onStageError: (stage, error) => this.options.log.error({ stage, ...errorFacts(error) }, "stage failed"),
      onFinished: (call) => this.finished(call),
    };
    this.health.startProbes(parts);
    return new GatewayListener({
      pipeline: new Pipeline(this.options.stages ?? PIPELINE, parts),
      snapshots: this.snapshots,
      directory: this.directory,
      tls: this.tls,
      trustedProxies: this.options.trustedProxies ?? null,
      nowMs: this.clock.nowMs,
      monotonicMs,
      onError: (error) => this.options.log.error(errorFacts(error), "a call failed outside the pipeline"),
    });
  }

  private finished(call: Call): void {
    this.utilisation.counted();
    this.metrics.finished(call, (performance.now() - call.startedMs) / 1_000);
  }

  private makeMetrics(): Metrics {
    return new Metrics({
      revision: () => this.revision,
      callsInFlight: () => this.listener.callsInFlight,
      spoolEvents: () => this.spool.pendingEvents,
      spoolBytes: () => this.spool.bytesOnDisk,
      spoolRefused: () => this.spool.refused,
      eventsQuarantined: () => this.usage.quarantined,
      streamConnected: () => this.stream.isConnected,
      tls: this.tls,
      fleet: this.health.fleet,
      answers: this.answers,
      healthEventsDropped: () => this.health.eventsDropped,
      denialsUnrecorded: () => this.denials.unrecorded,
      limits: this.limiter,
    });
  }

  private obey(command: NodeCommand): void {
    this.options.log.info({ command }, "the control plane commands");
    if (command === "remove") {
      void this.remove();
      return;
    }
    this.isDraining = command === "drain";
    this.listener.setDraining(this.isDraining);
    this.reports.reportNow();
  }

  private async remove(): Promise<void> {
    await this.stop(10_000);
    await Promise.all([this.snapshots.forget(), this.credentials.forget(), this.directoryFile.forget()]);
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
    this.reports.reportNow();
    await this.listener.drain(drainMs);
    await this.spool.settle(1_000);
    await waitUntil(() => this.spool.isDrained || !this.stream.isConnected, LAST_REPORT_MS);
    await this.directoryWriter.flush();
    this.halt();
    this.upstreams.close();
    this.client.close();
    await Promise.all(this.loops);
    this.spool.close();
  }

  private halt(): void {
    this.tlsListening?.stop();
    this.reports.stop();
    this.stream.stop();
    this.usage.stop();
    this.utilisation.stop();
    this.health.stop();
    clearInterval(this.sweeper);
    this.limiter.close();
    this.statusServer.close();
    this.statusServer.closeAllConnections();
  }
}
