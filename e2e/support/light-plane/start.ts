import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { type ManagementApi, managementApi } from "#e2e/support/management-api.ts";
import { freePorts } from "#e2e/support/turnpike.ts";
import { childEnv } from "#scripts/env.ts";
import { projectRoot } from "#scripts/project-root.ts";
import { runInstallation } from "#scripts/start/run-installation.ts";

const START_MAX_MS = 30_000;

/** A control plane without pages, as a process of its own on a database that is there. */
export interface LightPlane {
  readonly url: string;
  readonly api: ManagementApi;
  /** The demo consumer's key; empty without a demo upstream. */
  readonly apiKey: string;
  /** What the console's session cookies are sealed with. */
  readonly sessionSecret: string;
  /** kill -9. Resolves once it is gone. */
  kill(): Promise<void>;
  /** Starts it again, on the same port. */
  start(): Promise<void>;
}

/** Sets an installation up on a migrated database and starts a control plane for it. */
export async function startLightPlane(databaseUrl: string, demoUpstreamUrl: string | null): Promise<LightPlane> {
  const [port = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const token = `tpm_${randomBytes(24).toString("base64url")}`;
  const env = {
    DATABASE_URL: databaseUrl,
    TURNPIKE_MASTER_KEY: randomBytes(32).toString("base64"),
    NEXTAUTH_SECRET: randomBytes(32).toString("base64"),
    TURNPIKE_BOOTSTRAP_TOKEN: token,
    HOST: "127.0.0.1",
    PORT: String(port),
    LOG_LEVEL: "error",
  };
  const installed = await runInstallation({ demoUpstreamUrl, joinTokens: 0 }, env);
  let child: ChildProcess | null = null;
  const kill = async () => {
    const present = child;
    child = null;
    if (present === null || present.exitCode !== null || present.signalCode !== null) return;
    const ended = once(present, "exit");
    present.kill("SIGKILL");
    await ended;
  };
  const start = async () => {
    const args = ["--disable-warning=ExperimentalWarning", "e2e/support/light-plane/main.ts"];
    const stdio: ["ignore", "pipe", "inherit"] = ["ignore", "pipe", "inherit"];
    const started = spawn(process.execPath, args, { cwd: projectRoot, env: childEnv(env), stdio });
    child = started;
    await once(started.stdout, "data", { signal: AbortSignal.timeout(START_MAX_MS) });
  };
  await start();
  return {
    url,
    api: managementApi(url, token),
    apiKey: installed.demoApiKey ?? "",
    sessionSecret: env.NEXTAUTH_SECRET,
    kill,
    start,
  };
}
