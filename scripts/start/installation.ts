// Makes what a fresh installation needs (first admin, signing key, demo objects) and a join token for our node. A
// process of its own, because it needs the control plane's whole environment, which `npm start` itself must not have.
// Argument: one JSON object, InstallationOrder. Prints one JSON object, InstallationResult, and nothing else.

import { database } from "#lib/db/client.ts";
import { bootstrapInstallation } from "#lib/domain/setup/bootstrap.ts";
import { ambientEnv } from "#scripts/env.ts";
import { failPlainly } from "#scripts/terminal.ts";

/** What to set up beyond the first admin. */
export interface InstallationOrder {
  /** Where the demo upstream listens; `null`: no demo upstream, route or consumer. */
  demoUpstreamUrl: string | null;
  /** How many of our own nodes still have to join. */
  joinTokens: number;
}

/** What the person at the terminal, and our node, are told. Secrets are there only the first time. */
export interface InstallationResult {
  adminEmail: string;
  adminPassword: string | null;
  demoApiKey: string | null;
  joinTokens: string[];
}

async function setUp(order: InstallationOrder): Promise<InstallationResult> {
  const { TURNPIKE_ADMIN_EMAIL, TURNPIKE_ADMIN_PASSWORD, TURNPIKE_BOOTSTRAP_TOKEN } = ambientEnv();
  return bootstrapInstallation(database(), {
    adminEmail: TURNPIKE_ADMIN_EMAIL,
    adminPassword: TURNPIKE_ADMIN_PASSWORD,
    bootstrapToken: TURNPIKE_BOOTSTRAP_TOKEN,
    demoUpstreamUrl: order.demoUpstreamUrl,
    joinTokens: order.joinTokens,
  });
}

if (import.meta.main) {
  setUp(JSON.parse(process.argv[2] ?? "{}")).then((result) => {
    process.stdout.write(JSON.stringify(result), () => process.exit(0));
  }, failPlainly);
}
