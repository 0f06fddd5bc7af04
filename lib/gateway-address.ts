import { env } from "./env.ts";

const WILDCARDS = new Set(["0.0.0.0", "::", "[::]"]);

/**
 * Where applications reach the gateway, for snippets: what the operator says, or the gateway's port on this host. A
 * gateway that listens everywhere is shown under the name by which the browser came (`requestHost`, a Host header).
 */
export function gatewayAddress(requestHost: string | null): string {
  const { TURNPIKE_GATEWAY_URL, HOST, GATEWAY_PORT } = env();
  if (TURNPIKE_GATEWAY_URL !== undefined) return TURNPIKE_GATEWAY_URL.replace(/\/+$/, "");
  const host = WILDCARDS.has(HOST) ? hostNameOf(requestHost) : HOST;
  return `http://${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}:${GATEWAY_PORT}`;
}

function hostNameOf(requestHost: string | null): string {
  return URL.parse(`http://${requestHost ?? ""}`)?.hostname ?? "127.0.0.1";
}
