import type { DirectoryChange } from "#lib/contract/directory.ts";
import { TargetBalancer } from "./balance/balancer.ts";
import { RetryBudget } from "./balance/retry-budget.ts";
import { AnswerCache } from "./cache/answer-cache.ts";
import { StoreAnswers } from "./cache/store-answers.ts";
import { type ControlClock, monotonicMs } from "./control/clock.ts";
import { NodeHealth } from "./health/node-health.ts";
import { CallLimits } from "./limits/call-limits.ts";
import { DenialBound } from "./limits/denial-bound.ts";
import { errorFacts } from "./log.ts";
import type { NodeLanes } from "./node-lanes.ts";
import type { NodeOptions } from "./node-options.ts";
import type { Call } from "./pipeline/call.ts";
import type { PipelineParts } from "./pipeline/parts.ts";
import { Pipeline } from "./pipeline/run.ts";
import { PIPELINE } from "./pipeline/stages.ts";
import { GatewayListener } from "./server/listener.ts";
import type { TlsServing } from "./server/tls-serving.ts";
import { openSharedStore } from "./shared/open-shared-store.ts";
import type { Snapshot } from "./snapshot/snapshot.ts";
import { askOnce } from "./upstream/ask-once.ts";
import { HttpUpstreamClient } from "./upstream/http-client.ts";
import type { Spool } from "./usage/spool.ts";

const BODY_BYTES_MAX = 32 * 1_024 * 1_024;
const CACHE_BYTES_MAX = 128 * 1_024 * 1_024;
const SWEEP_MS = 60_000;
/** Far beyond what a store in the same data centre takes, and below what callers wait. */
const STAGE_DEADLINE_MS = 10_000;

/** What carries calls: the listener, the pipeline, and the state of theirs that outlives snapshots. */
export class NodeTraffic {
  readonly health: NodeHealth;
  readonly limiter: CallLimits;
  readonly answers: AnswerCache;
  readonly denials = new DenialBound(monotonicMs);
  readonly listener: GatewayListener;
  private readonly balancer: TargetBalancer;
  private readonly upstreams = new HttpUpstreamClient();
  private readonly options: NodeOptions;
  private readonly lanes: NodeLanes;
  private readonly clock: ControlClock;
  private readonly sweeper: NodeJS.Timeout;

  constructor(
    options: NodeOptions,
    links: {
      lanes: NodeLanes;
      spool: Spool;
      clock: ControlClock;
      tls: TlsServing | null;
      /** Something that reports carry has changed. */
      onChange: () => void;
      onFinished: (call: Call) => void;
    },
  ) {
    this.options = options;
    this.lanes = links.lanes;
    this.clock = links.clock;
    this.health = this.makeHealth(links.onChange);
    this.balancer = new TargetBalancer(this.health.fleet, Math.random);
    const { sharedStoreUrl: url, sharedStoreDeadlineMs: deadlineMs, log } = options;
    const nodes = (): number | null => this.limiter.counted.nodes;
    const store = openSharedStore({ url, deadlineMs, log }, nodes, links.onChange);
    this.limiter = new CallLimits(monotonicMs, store);
    this.answers = new AnswerCache(options.cacheBytesMax ?? CACHE_BYTES_MAX, store && new StoreAnswers(store));
    this.listener = this.makeListener(this.makeParts(links.spool, links.onFinished), links.tls);
    this.sweeper = setInterval(() => {
      this.limiter.sweep();
      this.denials.sweep();
    }, SWEEP_MS);
    this.sweeper.unref();
  }

  /** Keeps what the new snapshot still names. */
  retain(snapshot: Snapshot): void {
    this.health.retain(snapshot);
    this.balancer.retain(snapshot);
    this.answers.retain(snapshot.routes);
  }

  /** Drops the kept answers that changes of the directory purge. */
  purge(changes: readonly DirectoryChange[]): void {
    this.answers.purgeChanged(changes, this.lanes.snapshots.current);
  }

  private makeHealth(onChange: () => void): NodeHealth {
    return new NodeHealth({
      credentialsOf: (upstreamId) => this.lanes.credentials.forUpstream(upstreamId),
      upstreamWaitMs: (upstream) => this.limiter.upstreamWaitMs(upstream),
      nowMs: this.clock.nowMs,
      monotonicMs,
      random: Math.random,
      onChange: (change) => {
        this.options.log.info({ ...change }, "health changed");
        onChange();
      },
    });
  }

  private makeParts(spool: Spool, onFinished: (call: Call) => void): PipelineParts {
    const { credentials, directory } = this.lanes;
    return {
      limiter: this.limiter,
      answers: this.answers,
      balancer: this.balancer,
      fleet: this.health.fleet,
      retryBudget: new RetryBudget(performance.now()),
      upstreams: this.upstreams,
      spool,
      secretOf: (upstreamId) => credentials.forUpstream(upstreamId)[0]?.secret ?? null,
      providerTools: { ask: (asked) => askOnce(this.upstreams, asked, monotonicMs()), nowMs: this.clock.nowMs },
      directory,
      nowMs: this.clock.nowMs,
      monotonicMs,
      staleMs: this.lanes.freshness.staleMs,
      random: Math.random,
      bodyBytesMax: BODY_BYTES_MAX,
      stageDeadlineMs: this.options.stageDeadlineMs ?? STAGE_DEADLINE_MS,
      mayRecordDenial: this.denials.take,
      onStageError: (stage, error) => this.options.log.error({ stage, ...errorFacts(error) }, "stage failed"),
      onFinished,
    };
  }

  private makeListener(parts: PipelineParts, tls: TlsServing | null): GatewayListener {
    this.health.startProbes(parts);
    return new GatewayListener({
      pipeline: new Pipeline(this.options.stages ?? PIPELINE, parts),
      snapshots: this.lanes.snapshots,
      directory: this.lanes.directory,
      tls,
      trustedProxies: this.options.trustedProxies ?? null,
      nowMs: this.clock.nowMs,
      monotonicMs,
      onError: (error) => this.options.log.error(errorFacts(error), "a call failed outside the pipeline"),
    });
  }

  /** Stops what runs by itself; calls may still be under way. */
  halt(): void {
    this.health.stop();
    clearInterval(this.sweeper);
    this.limiter.close();
  }

  closeUpstreams(): void {
    this.upstreams.close();
  }
}
