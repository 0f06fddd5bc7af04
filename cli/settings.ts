// What the command line is told by its environment, through the scripts' door to it.

import { ambientEnv } from "#scripts/env.ts";
import { PlainError } from "#scripts/terminal.ts";

/** Where the control plane is, and with what to ask it. */
export interface ApiSettings {
  url: string;
  token: string;
}

const LOOPBACK = new Set(["127.0.0.1", "[::1]", "localhost"]);

/** Reads TURNPIKE_URL and TURNPIKE_TOKEN. Throws one sentence where they do not do; secrets are sent in the clear to nobody. */
export function apiSettings(environment = ambientEnv()): ApiSettings {
  const address = environment.TURNPIKE_URL ?? "http://127.0.0.1:3000";
  if (!URL.canParse(address) || !/^https?:/.test(address))
    throw new PlainError(
      `TURNPIKE_URL is not an address: ${address}. Set it to the console's, such as https://turnpike.example.com.`,
    );
  const url = new URL(address);
  if (url.protocol === "http:" && !LOOPBACK.has(url.hostname) && environment.TURNPIKE_ALLOW_HTTP !== "1")
    throw new PlainError(
      "TURNPIKE_URL is not https:// and not this machine: tokens and secrets would travel in the clear. Use https://, or set TURNPIKE_ALLOW_HTTP=1.",
    );
  const token = environment.TURNPIKE_TOKEN;
  if (token === undefined)
    throw new PlainError(
      "TURNPIKE_TOKEN is not set: make a management token in the console under Management tokens, and set it.",
    );
  return { url: url.href.replace(/\/$/, ""), token };
}

/** The passphrase of backups, where the environment has it. */
export function backupPassphrase(environment = ambientEnv()): string | undefined {
  return environment.TURNPIKE_BACKUP_PASSPHRASE;
}
