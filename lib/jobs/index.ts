import { database } from "../db/client.ts";
import { env } from "../env.ts";
import { log } from "../log.ts";
import { startJobs } from "./start-jobs.ts";

/** Begins the background work of this process, which goes on until the process is told to end. */
export function startControlPlane(): void {
  log.level = env().LOG_LEVEL;
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  void startJobs(database(), stop.signal);
}
