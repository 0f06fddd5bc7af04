import type { BlockList } from "node:net";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";
import type { NodeSupervisor } from "#lib/contract/node-protocol.ts";
import { parseNetworks } from "#lib/policy/client-address.ts";
import type { TlsOptions } from "./server/tls-listening.ts";

/**
 * The node's environment, checked once at start: every error in one message, an empty value counts as unset, and no
 * secret has a default.
 */
const port = z.coerce.number().int().min(0).max(65_535);

const sharedStoreUrl = z
  .url({
    protocol: /^(redis|valkey)s?$/,
    error: "must be an address such as redis://host:6379, or rediss:// for TLS (valkey:// and valkeys:// too)",
  })
  .optional();

export const GatewayEnv = z.object({
  TURNPIKE_CONTROL_URL: z.url({ protocol: /^https?$/, error: "must be the http(s) address of the control plane" }),
  /** How many nodes share `GATEWAY_PORT` on this machine; the status ports count up from `GATEWAY_STATUS_PORT`. */
  GATEWAY_NODES: z.coerce.number().int().min(1).max(64).default(1),
  /** As many as the control plane may have run here, by the group's scaling policy. Left out: `GATEWAY_NODES`, always. */
  GATEWAY_NODES_MAX: z.coerce.number().int().min(1).max(64).optional(),
  /** Needed for the first start only: afterwards the node has an identity of its own. For several nodes, a list with commas. */
  TURNPIKE_JOIN_TOKEN: z.string().min(1).optional(),
  /** A file that was exported by the control plane, and its key: the first start is from it, without the control plane. */
  TURNPIKE_BUNDLE: z.string().min(1).optional(),
  TURNPIKE_BUNDLE_KEY: z.string().min(1).optional(),
  /** How long the node signs with one key before it changes it by itself. */
  TURNPIKE_NODE_KEY_HOURS: z.coerce
    .number()
    .min(1)
    .max(24 * 365)
    .default(24),
  TURNPIKE_HOME: z.string().default(".turnpike"),
  TURNPIKE_NODE_DIR: z.string().optional(),
  TURNPIKE_NODE_NAME: z
    .string()
    .max(120)
    .default(() => hostname().slice(0, 120)),
  HOST: z.string().default("127.0.0.1"),
  GATEWAY_PORT: port.default(8080),
  GATEWAY_STATUS_HOST: z.string().default("127.0.0.1"),
  GATEWAY_STATUS_PORT: port.default(9080),
  TURNPIKE_ALLOW_HTTP: z.enum(["0", "1"]).default("0"),
  /** Whoever started this process holds its standard input open: when that closes, the node goes down. */
  TURNPIKE_PARENT_PIPE: z.enum(["0", "1"]).default("0"),
  /** Set by the supervisor of several nodes: who it is, how many it may run, and whether there is no other one now. */
  TURNPIKE_SUPERVISOR: z
    .string()
    .regex(/^[0-9a-f-]{36}:\d{1,2}(:alone)?$/)
    .optional(),
  /** How much memory the answers take that are kept to be served again; each node of this machine has so much. */
  TURNPIKE_CACHE_BYTES: z.coerce
    .number()
    .int()
    .min(0)
    .max(64 * 1_024 ** 3)
    .default(128 * 1_024 * 1_024),
  /** How long calls under way may take to finish after SIGTERM. */
  TURNPIKE_DRAIN_SECONDS: z.coerce.number().int().min(0).max(3_600).default(30),
  /** Where nodes count rate limits together. May hold a password. Either name will do; two that differ are refused. */
  VALKEY_URL: sharedStoreUrl,
  REDIS_URL: sharedStoreUrl,
  /** PEM files. With them calls are taken over TLS, and only so. Read again when they change. */
  GATEWAY_TLS_CERT: z.string().optional(),
  GATEWAY_TLS_KEY: z.string().optional(),
  /** The authorities that callers' certificates must be from: with it callers are asked for one. */
  GATEWAY_TLS_CLIENT_CA: z.string().optional(),
  GATEWAY_TLS_CLIENT_CERT: z.enum(["optional", "required"]).default("required"),
  /** Where plain HTTP is told to come back with TLS. */
  GATEWAY_HTTP_REDIRECT_PORT: port.optional(),
  /** Addresses and networks of proxies whose x-forwarded-for is believed, with commas. */
  TURNPIKE_TRUSTED_PROXIES: z
    .string()
    .refine(
      (text) => parseNetworks(text) !== null,
      "must be addresses and networks with commas, such as 10.0.0.0/8,::1",
    )
    .optional(),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info"),
});
export type GatewayEnv = z.infer<typeof GatewayEnv> & {
  /** Where the node keeps its identity, snapshot and spool. */
  nodeDirectory: string;
  /** Above 1 this process supervises nodes instead of being one. */
  nodesMax: number;
  /** Under whom this node shares its port, if it does. */
  supervisor: NodeSupervisor | undefined;
  /** Others of its supervisor take calls while it has nothing to answer with. */
  hasCompany: boolean;
  sharedStoreUrl: string | undefined;
  bundle: { file: string; key: string } | undefined;
  tls: TlsOptions | undefined;
  trustedProxies: BlockList | undefined;
};

const LOOPBACK = new Set(["127.0.0.1", "::1", "localhost"]);

/** What belongs together and is not. */
function tlsProblems(present: Record<string, string | undefined>): string[] {
  const problems: string[] = [];
  const isOn = present.GATEWAY_TLS_CERT !== undefined;
  if (isOn !== (present.GATEWAY_TLS_KEY !== undefined)) {
    problems.push("GATEWAY_TLS_CERT and GATEWAY_TLS_KEY belong together: set both or neither");
  }
  for (const name of ["GATEWAY_TLS_CLIENT_CA", "GATEWAY_HTTP_REDIRECT_PORT"] as const) {
    if (!isOn && present[name] !== undefined) problems.push(`${name} needs GATEWAY_TLS_CERT and GATEWAY_TLS_KEY`);
  }
  return problems;
}

function tlsOptions(env: z.infer<typeof GatewayEnv>): TlsOptions | undefined {
  const { GATEWAY_TLS_CERT: certFile, GATEWAY_TLS_KEY: keyFile } = env;
  if (certFile === undefined || keyFile === undefined) return undefined;
  return {
    certFile: resolve(certFile),
    keyFile: resolve(keyFile),
    clientCaFile: env.GATEWAY_TLS_CLIENT_CA === undefined ? null : resolve(env.GATEWAY_TLS_CLIENT_CA),
    clientCertificates: env.GATEWAY_TLS_CLIENT_CERT,
    redirectPort: env.GATEWAY_HTTP_REDIRECT_PORT ?? null,
  };
}

function trustedOf({ TURNPIKE_TRUSTED_PROXIES: text }: z.infer<typeof GatewayEnv>): BlockList | undefined {
  return text === undefined ? undefined : (parseNetworks(text) ?? undefined);
}

function supervisorOf({ TURNPIKE_SUPERVISOR: text }: z.infer<typeof GatewayEnv>): NodeSupervisor | undefined {
  const [id, nodesMax] = text?.split(":") ?? [];
  return id === undefined ? undefined : { id, nodesMax: Number(nodesMax) };
}

function bundleOf({ TURNPIKE_BUNDLE: file, TURNPIKE_BUNDLE_KEY: key }: z.infer<typeof GatewayEnv>) {
  return file === undefined || key === undefined ? undefined : { file: resolve(file), key };
}

/** Parses an environment. Throws one `Error` that lists every problem by variable. */
export function parseGatewayEnv(source: Record<string, string | undefined>): GatewayEnv {
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ""));
  const parsed = GatewayEnv.safeParse(present);
  const problems = parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`);
  for (const name of ["HOST", "GATEWAY_STATUS_HOST"] as const) {
    const host = present[name];
    if (host === undefined || LOOPBACK.has(host) || present.TURNPIKE_ALLOW_HTTP === "1") continue;
    if (name === "HOST" && present.GATEWAY_TLS_CERT !== undefined) continue;
    const instead = name === "HOST" ? "set GATEWAY_TLS_CERT and GATEWAY_TLS_KEY, or " : "";
    problems.push(
      `${name} is not a loopback address: ${instead}put TLS in front of the node and set TURNPIKE_ALLOW_HTTP=1`,
    );
  }
  const { VALKEY_URL, REDIS_URL } = present;
  if (VALKEY_URL !== undefined && REDIS_URL !== undefined && VALKEY_URL !== REDIS_URL)
    problems.push("VALKEY_URL and REDIS_URL name two different stores: set one");
  problems.push(...tlsProblems(present));
  if ((present.TURNPIKE_BUNDLE === undefined) !== (present.TURNPIKE_BUNDLE_KEY === undefined))
    problems.push("TURNPIKE_BUNDLE and TURNPIKE_BUNDLE_KEY belong together: set both or neither");
  if (parsed.success && parsed.data.GATEWAY_NODES > (parsed.data.GATEWAY_NODES_MAX ?? 64))
    problems.push("GATEWAY_NODES_MAX must not be less than GATEWAY_NODES");
  if (!parsed.success || problems.length > 0) {
    throw new Error(`The environment is not complete:\n  ${problems.join("\n  ")}`);
  }
  const { TURNPIKE_HOME, TURNPIKE_NODE_DIR } = parsed.data;
  const { tls, trustedProxies } = { tls: tlsOptions(parsed.data), trustedProxies: trustedOf(parsed.data) };
  const sharedStoreUrl = VALKEY_URL ?? REDIS_URL;
  return {
    ...parsed.data,
    nodesMax: Math.max(parsed.data.GATEWAY_NODES, parsed.data.GATEWAY_NODES_MAX ?? 1),
    supervisor: supervisorOf(parsed.data),
    hasCompany: parsed.data.TURNPIKE_SUPERVISOR?.endsWith(":alone") === false,
    sharedStoreUrl,
    bundle: bundleOf(parsed.data),
    tls,
    trustedProxies,
    nodeDirectory: resolve(TURNPIKE_NODE_DIR ?? join(TURNPIKE_HOME, "node")),
  };
}

/** This process's environment. */
export function gatewayEnv(): GatewayEnv {
  return parseGatewayEnv(process.env);
}
