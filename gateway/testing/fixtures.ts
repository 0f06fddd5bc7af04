import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { join } from "#gateway/control/join.ts";
import { silentLog } from "#gateway/log.ts";
import { GatewayNode } from "#gateway/node.ts";
import type { NodeOptions } from "#gateway/node-options.ts";
import { newSecret, secretHash } from "#lib/contract/api-key-format.ts";
import type { DirectoryApiKey, DirectoryConsumer } from "#lib/contract/directory.ts";
import { HEALTH_DEFAULT, type HealthPolicy } from "#lib/contract/health-check.ts";
import type {
  PlanDocument,
  PolicyDocument,
  RouteDocument,
  RouteVersionDocument,
  TargetDocument,
  UpstreamDocument,
} from "#lib/contract/policy-document.ts";
import type { TestControlPlane } from "./control-plane.ts";

/** Health settings that take nothing out of service: tests that fail on purpose stay apart from each other. */
export const STEADY: HealthPolicy = {
  ...HEALTH_DEFAULT,
  consecutiveFailures: 0,
  errorPercent: 0,
  credentialRestSeconds: 0,
  retryAfterSecondsMax: 0,
  slowStartSeconds: 0,
};

export function upstream(id: string, baseUrl: string, more: Partial<UpstreamDocument> = {}): UpstreamDocument {
  return {
    id,
    name: id,
    provider: "openai",
    baseUrl,
    options: {},
    allowPrivateNetwork: true,
    timeouts: {},
    health: STEADY,
    rateLimits: [],
    isDemo: false,
    ...more,
  };
}

export function target(upstreamId: string, more: Partial<TargetDocument> = {}): TargetDocument {
  return { id: `tgt_${upstreamId}`, upstreamId, model: "gpt-4o-mini", weight: 1, priority: 0, ...more };
}

export function version(targets: TargetDocument[], more: Partial<RouteVersionDocument> = {}): RouteVersionDocument {
  return {
    version: "1.0.0",
    status: "active",
    deprecatedAt: null,
    sunsetAt: null,
    successor: null,
    strategy: "round_robin",
    hashBy: "user",
    cache: null,
    guardrails: [],
    brownouts: [],
    http: null,
    targets,
    retry: { attempts: 2 },
    timeouts: {},
    onNotCarried: "refuse",
    ...more,
  };
}

export function route(name: string, versions: RouteVersionDocument[], defaultVersion = "1.0.0"): RouteDocument {
  return {
    id: `rte_${name.replaceAll(/[^a-z0-9]/g, "_")}`,
    name,
    kind: "model",
    defaultVersion,
    rateLimits: [],
    versions,
  };
}

export function plan(id: string, more: Partial<PlanDocument> = {}): PlanDocument {
  return { id, name: id, rateLimits: [], routes: ["*"], ...more };
}

export function policy(
  upstreams: UpstreamDocument[],
  routes: RouteDocument[],
  plans: PlanDocument[] = [plan("pln_open")],
): PolicyDocument {
  const flat = (dollars: string) => [{ fromTokens: 0, dollars }];
  const price = {
    provider: "openai",
    model: "gpt-4o-mini",
    input: flat("0.15"),
    cachedInput: flat("0.075"),
    cacheWrite: null,
    output: flat("0.6"),
    perThousandRequests: null,
    isOverride: false,
  };
  return { schemaVersion: 1, upstreams, plans, routes, prices: { version: "test-1", entries: [price] } };
}

/** A consumer with one key, added to a control plane's directory. Returns the key's secret. */
export function addConsumer(
  plane: TestControlPlane,
  id: string,
  more: Partial<DirectoryConsumer> = {},
  key: Partial<DirectoryApiKey> = {},
): string {
  const secret = newSecret("tp_");
  const consumer: DirectoryConsumer = {
    id,
    name: id,
    teamId: "team_1",
    planId: "pln_open",
    suspendedReason: null,
    minRevision: 0,
    ...more,
  };
  const apiKey: DirectoryApiKey = {
    id: `key_${id}`,
    consumerId: id,
    sha256: secretHash(secret),
    expiresAt: null,
    routes: null,
    ...key,
  };
  plane.change({ kind: "consumer", sequence: 1, id, body: consumer });
  plane.change({ kind: "apiKey", sequence: 1, id: apiKey.id, body: apiKey });
  return secret;
}

/** A directory of its own for one test, and what removes it. */
export async function temporaryDirectory(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(joinPath(tmpdir(), "gateway-test-"));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Joins a node to a test control plane and starts it on free ports. */
export async function startNode(
  plane: TestControlPlane,
  nodeDirectory: string,
  more: Partial<NodeOptions> = {},
): Promise<GatewayNode> {
  const identity =
    more.identity ??
    (await join({ controlUrl: plane.url, joinToken: plane.joinToken, name: "test", version: "0.0.0" }));
  return await GatewayNode.start({
    nodeDirectory,
    version: "0.0.0",
    host: "127.0.0.1",
    port: 0,
    statusHost: "127.0.0.1",
    statusPort: 0,
    log: silentLog,
    onRemoved: () => {},
    reportEveryMs: 200,
    ...more,
    identity,
  });
}

/** Waits until something holds; fails with what was waited for after ten seconds: the machine may be busy. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, timeoutMs = 10_000): Promise<void> {
  const endMs = performance.now() + timeoutMs;
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error(`Waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
