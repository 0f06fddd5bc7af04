import { z } from "zod";

/**
 * The control plane's environment, checked once at start: every error in one message, an empty value counts as unset,
 * and no secret has a default. `npm start` fills what it generates on the embedded default.
 */
const base64Key = z.string().refine((text) => Buffer.from(text, "base64").length === 32, "must be 32 bytes in base64");

export const ControlEnv = z.object({
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, "must start with postgresql://"),
  TURNPIKE_MASTER_KEY: base64Key.refine((text) => !/^A+=*$/.test(text), "must not be all zeros"),
  NEXTAUTH_SECRET: z.string().min(32, "must have at least 32 characters"),
  HOST: z.string().default("127.0.0.1"),
  PORT: z.coerce.number().int().min(1).max(65535).default(3000),
  GATEWAY_PORT: z.coerce.number().int().min(1).max(65535).default(8080),
  TURNPIKE_PUBLIC_URL: z.url().optional(),
  TURNPIKE_GATEWAY_URL: z.url().optional(),
  TURNPIKE_ALLOW_HTTP: z.enum(["0", "1"]).default("0"),
  /** 1: a proxy of yours stands in front and overwrites the `x-forwarded-*` headers. */
  TURNPIKE_TRUST_PROXY: z.enum(["0", "1"]).default("0"),
  /** A kubeconfig that leads to the cluster in which node groups are scaled; without it the pod's own account is used. */
  TURNPIKE_KUBECONFIG: z.string().optional(),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info"),
});
export type ControlEnv = z.infer<typeof ControlEnv>;

const LOOPBACK = new Set(["127.0.0.1", "::1", "localhost"]);

/** Parses an environment. Throws one `Error` that lists every problem by variable. */
export function parseControlEnv(source: Record<string, string | undefined>): ControlEnv {
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ""));
  const parsed = ControlEnv.safeParse(present);
  const problems = parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`);
  if (
    parsed.success &&
    !LOOPBACK.has(parsed.data.HOST) &&
    parsed.data.TURNPIKE_ALLOW_HTTP !== "1" &&
    !parsed.data.TURNPIKE_PUBLIC_URL?.startsWith("https://")
  ) {
    problems.push(
      "HOST is not a loopback address: put TLS in front and set TURNPIKE_PUBLIC_URL to its https:// address, or set TURNPIKE_ALLOW_HTTP=1",
    );
  }
  if (!parsed.success || problems.length > 0)
    throw new Error(`The environment is not complete:\n  ${problems.join("\n  ")}`);
  return parsed.data;
}

let cached: ControlEnv | undefined;

/** This process's environment. Parsed at first use, so that a build needs no secrets. */
export function env(): ControlEnv {
  cached ??= parseControlEnv(process.env);
  return cached;
}
