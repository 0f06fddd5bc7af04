import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";

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
  /** Needed for the first start only: afterwards the node has an identity of its own. For several nodes, a list with commas. */
  TURNPIKE_JOIN_TOKEN: z.string().min(1).optional(),
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
  /** How long calls under way may take to finish after SIGTERM. */
  TURNPIKE_DRAIN_SECONDS: z.coerce.number().int().min(0).max(3_600).default(30),
  /** Where nodes count rate limits together. May hold a password. Either name will do; two that differ are refused. */
  VALKEY_URL: sharedStoreUrl,
  REDIS_URL: sharedStoreUrl,
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info"),
});
export type GatewayEnv = z.infer<typeof GatewayEnv> & {
  /** Where the node keeps its identity, snapshot and spool. */
  nodeDirectory: string;
  sharedStoreUrl: string | undefined;
};

const LOOPBACK = new Set(["127.0.0.1", "::1", "localhost"]);

/** Parses an environment. Throws one `Error` that lists every problem by variable. */
export function parseGatewayEnv(source: Record<string, string | undefined>): GatewayEnv {
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ""));
  const parsed = GatewayEnv.safeParse(present);
  const problems = parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`);
  for (const name of ["HOST", "GATEWAY_STATUS_HOST"] as const) {
    const host = present[name];
    if (host === undefined || LOOPBACK.has(host) || present.TURNPIKE_ALLOW_HTTP === "1") continue;
    problems.push(`${name} is not a loopback address: put TLS in front of the node and set TURNPIKE_ALLOW_HTTP=1`);
  }
  const { VALKEY_URL, REDIS_URL } = present;
  if (VALKEY_URL !== undefined && REDIS_URL !== undefined && VALKEY_URL !== REDIS_URL)
    problems.push("VALKEY_URL and REDIS_URL name two different stores: set one");
  if (!parsed.success || problems.length > 0) {
    throw new Error(`The environment is not complete:\n  ${problems.join("\n  ")}`);
  }
  const { TURNPIKE_HOME, TURNPIKE_NODE_DIR } = parsed.data;
  const sharedStoreUrl = VALKEY_URL ?? REDIS_URL;
  return { ...parsed.data, sharedStoreUrl, nodeDirectory: resolve(TURNPIKE_NODE_DIR ?? join(TURNPIKE_HOME, "node")) };
}

/** This process's environment. */
export function gatewayEnv(): GatewayEnv {
  return parseGatewayEnv(process.env);
}
