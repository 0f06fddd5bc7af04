import { env } from "../env.ts";

/**
 * Where the browser believes it is: the proxy's word, or the Host header. Good for cookies and for comparing with
 * `Origin`, which a page elsewhere cannot forge together; never for deciding who somebody is.
 */
export function requestOrigin(headers: Headers): { protocol: "http" | "https"; host: string } {
  const protocol = first(headers.get("x-forwarded-proto")) === "https" ? "https" : "http";
  const host = first(headers.get("x-forwarded-host")) ?? headers.get("host") ?? "";
  return { protocol, host: host.toLowerCase() };
}

/**
 * Whether a change comes from one of our own pages: browsers send `Origin` with every such request. A request with a
 * cookie and without it is refused, and so is one that says it comes from elsewhere.
 */
export function isSameOrigin(headers: Headers): boolean {
  return headers.has("origin") && !isForeign(headers);
}

/** Whether a request says itself that it comes from a page elsewhere. */
export function isForeign(headers: Headers): boolean {
  const site = headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin") return true;
  const sent = headers.get("origin");
  return sent !== null && !isOurs(sent, headers);
}

function isOurs(sent: string, headers: Headers): boolean {
  const origin = URL.parse(sent);
  if (origin === null) return false;
  const publicUrl = env().TURNPIKE_PUBLIC_URL;
  return (
    origin.host === requestOrigin(headers).host ||
    (publicUrl !== undefined && origin.origin === new URL(publicUrl).origin)
  );
}

function first(list: string | null): string | undefined {
  return list?.split(",")[0]?.trim() || undefined;
}
