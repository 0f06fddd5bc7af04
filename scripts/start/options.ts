// The environment of `npm start`, checked as a whole before anything is touched.

import path from "node:path";
import { z } from "zod";
import { parseControlEnv } from "#lib/env.ts";
import { projectRoot } from "#scripts/project-root.ts";
import { PlainError } from "#scripts/terminal.ts";

const port = (name: string, fallback: number) =>
  z
    .string()
    .default(String(fallback))
    .refine(
      (text) => /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= 65535,
      `${name} must be a port number from 1 to 65535`,
    )
    .transform(Number);

const StartEnv = z.object({
  TURNPIKE_HOME: z.string().default(".turnpike"),
  PORT: port("PORT", 3000),
  GATEWAY_PORT: port("GATEWAY_PORT", 8080),
  GATEWAY_STATUS_PORT: port("GATEWAY_STATUS_PORT", 9080),
  HOST: z.string().default("127.0.0.1"),
  /** The nodes read it; here it says how they are reached. */
  GATEWAY_TLS_CERT: z.string().optional(),
  DATABASE_URL: z.string().optional(),
  TURNPIKE_MASTER_KEY: z.string().optional(),
  NEXTAUTH_SECRET: z.string().optional(),
  TURNPIKE_PUBLIC_URL: z.string().optional(),
  TURNPIKE_ADMIN_EMAIL: z.email("TURNPIKE_ADMIN_EMAIL must be an e-mail address").optional(),
  TURNPIKE_ADMIN_PASSWORD: z.string().min(12, "TURNPIKE_ADMIN_PASSWORD must have at least 12 characters").optional(),
  TURNPIKE_BOOTSTRAP_TOKEN: z
    .string()
    .regex(/^tpm_.{28,}$/, "TURNPIKE_BOOTSTRAP_TOKEN must start with tpm_ and have at least 32 characters")
    .optional(),
  TURNPIKE_DRAIN_SECONDS: z
    .string()
    .regex(/^\d{1,4}$/, "TURNPIKE_DRAIN_SECONDS must be a number of seconds up to 3600")
    .default("30")
    .transform(Number),
  GATEWAY_NODES: z
    .string()
    .regex(/^([1-9]|[1-5]\d|6[0-4])$/, "GATEWAY_NODES must be a number of nodes from 1 to 64")
    .default("1")
    .transform(Number),
  GATEWAY_NODES_MAX: z
    .string()
    .regex(/^([1-9]|[1-5]\d|6[0-4])$/, "GATEWAY_NODES_MAX must be a number of nodes from 1 to 64")
    .transform(Number)
    .optional(),
  TURNPIKE_DEMO: z.enum(["0", "1"], "TURNPIKE_DEMO must be 0 or 1").default("1"),
});

/** So many nodes may run here once the group of ours is scaled: more than the machines have that this is started on first. */
const NODES_MAX_DEFAULT = 8;

/** What `npm start` was asked to do. */
export interface StartOptions {
  /** Absolute. */
  homeDir: string;
  port: number;
  gatewayPort: number;
  /** Of the first node; those of the others follow it. */
  gatewayStatusPort: number;
  /** How many nodes share the gateway's port. */
  gatewayNodes: number;
  /** As many of them as scaling may come to; 1: the one node is a process by itself. */
  gatewayNodesMax: number;
  host: string;
  /** `null`: the embedded database. */
  databaseUrl: string | null;
  masterKey: string | null;
  sessionSecret: string | null;
  hasDemo: boolean;
  /** How long calls under way may take to finish when the node is stopped. */
  drainMaxMs: number;
  /** Where this machine reaches the console and the gateway. */
  consoleUrl: string;
  gatewayUrl: string;
  /** Where browsers reach the console. */
  publicUrl: string;
}

/** Reads the options. Throws one PlainError that names every mistake. */
export function parseStartOptions(source: Record<string, string | undefined>): StartOptions {
  const parsed = StartEnv.safeParse(source);
  const problems = new Set(parsed.success ? [] : parsed.error.issues.map((issue) => issue.message));
  if (!parsed.success) throw refusal(problems);
  const env = parsed.data;
  for (const problem of controlProblems(env)) problems.add(problem);
  const statusPorts = Array.from({ length: env.GATEWAY_NODES }, (_, index) => env.GATEWAY_STATUS_PORT + index);
  const ports = [env.PORT, env.GATEWAY_PORT, ...statusPorts];
  if (new Set(ports).size < ports.length) problems.add("PORT, GATEWAY_PORT and GATEWAY_STATUS_PORT must differ");
  if (env.GATEWAY_NODES > (env.GATEWAY_NODES_MAX ?? env.GATEWAY_NODES))
    problems.add("GATEWAY_NODES_MAX must not be less than GATEWAY_NODES");
  if (problems.size > 0) throw refusal(problems);
  const consoleUrl = localUrl(env.HOST, env.PORT);
  return {
    homeDir: path.resolve(projectRoot, env.TURNPIKE_HOME),
    port: env.PORT,
    gatewayPort: env.GATEWAY_PORT,
    gatewayStatusPort: env.GATEWAY_STATUS_PORT,
    gatewayNodes: env.GATEWAY_NODES,
    gatewayNodesMax: env.GATEWAY_NODES_MAX ?? Math.max(env.GATEWAY_NODES, NODES_MAX_DEFAULT),
    host: env.HOST,
    databaseUrl: env.DATABASE_URL ?? null,
    masterKey: env.TURNPIKE_MASTER_KEY ?? null,
    sessionSecret: env.NEXTAUTH_SECRET ?? null,
    drainMaxMs: env.TURNPIKE_DRAIN_SECONDS * 1000,
    hasDemo: env.TURNPIKE_DEMO === "1",
    consoleUrl,
    gatewayUrl: localUrl(env.HOST, env.GATEWAY_PORT, env.GATEWAY_TLS_CERT ? "https" : "http"),
    publicUrl: env.TURNPIKE_PUBLIC_URL ?? consoleUrl,
  };
}

// On the embedded default the secrets are generated, so they stand in for themselves here; with a database of one's own
// they must be given, or a second control plane could read nothing that the first one sealed.
function controlProblems(env: z.infer<typeof StartEnv>): string[] {
  const generated = env.DATABASE_URL
    ? {}
    : {
        DATABASE_URL: "postgresql://embedded",
        TURNPIKE_MASTER_KEY: Buffer.alloc(32, 1).toString("base64"),
        NEXTAUTH_SECRET: "generated".repeat(4),
      };
  const given = Object.fromEntries(
    Object.entries(env)
      .filter(([, value]) => value !== undefined)
      .map(([k, v]) => [k, String(v)]),
  );
  try {
    parseControlEnv({ ...generated, ...given });
    return [];
  } catch (error) {
    return error instanceof Error
      ? error.message
          .split("\n")
          .slice(1)
          .map((line) => line.trim().replace(/Invalid input: .* undefined$/, "is required when DATABASE_URL is set"))
      : [String(error)];
  }
}

function refusal(problems: Set<string>): PlainError {
  return new PlainError(["Turnpike cannot start with this environment:", ...problems].join("\n  "));
}

function localUrl(host: string, portNumber: number, scheme: "http" | "https" = "http"): string {
  const reachable =
    host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "[::1]" : host.includes(":") ? `[${host}]` : host;
  return `${scheme}://${reachable}:${portNumber}`;
}
