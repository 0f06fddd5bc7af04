import type { InstallationOrder } from "#scripts/start/installation.ts";
import { runInstallation } from "#scripts/start/run-installation.ts";

/** Makes the first admin and the signing key where there are none, and says the generated password, this once. */
export async function makeFirstAdmin(): Promise<void> {
  const order: InstallationOrder = { demoUpstreamUrl: null, joinTokens: 0 };
  const { adminEmail, adminPassword } = await runInstallation(order, {});
  if (adminPassword) console.log(`Sign in with ${adminEmail} and the password ${adminPassword} (shown this once).`);
}
