import type { Running } from "#scripts/start/turnpike.ts";

/** What the person at the terminal needs next: addresses, the sign-in, and a call that works. */
export function summaryOf({ options, installation }: Running): string {
  const { adminEmail, adminPassword, demoApiKey } = installation;
  const signIn = adminPassword
    ? [
        `  Sign in with   ${adminEmail}`,
        `  Password       ${adminPassword}   (shown this once; change it in the console)`,
      ]
    : [`  Sign in with   ${adminEmail}`];
  const call = demoApiKey ? ["", "Call the demo upstream through it:", "", curl(options.gatewayUrl, demoApiKey)] : [];
  return [
    "",
    "Turnpike is running.",
    "",
    `  Console        ${options.publicUrl}`,
    ...signIn,
    `  Gateway        ${options.gatewayUrl}/v1`,
    ...call,
    "",
    `Logs are in ${options.homeDir}/log. Ctrl-C stops everything.`,
    "",
  ].join("\n");
}

function curl(gatewayUrl: string, apiKey: string): string {
  return [
    `  curl ${gatewayUrl}/v1/chat/completions \\`,
    `    -H 'Authorization: Bearer ${apiKey}' -H 'Content-Type: application/json' \\`,
    `    -d '{"model":"demo","messages":[{"role":"user","content":"Hello"}]}'`,
  ].join("\n");
}
