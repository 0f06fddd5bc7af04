import type { NextRequest } from "next/server";
import NextAuth from "next-auth";
import { nextAuthOptions } from "./next-auth-options.ts";
import { isForeign, requestOrigin } from "./request-origin.ts";

/** What of next-auth is reachable; the rest (its logging door above all) does not exist here. */
const REACHABLE: Record<string, readonly string[]> = {
  GET: ["csrf", "session", "providers", "signin", "signout", "error"],
  POST: ["callback", "signin", "signout"],
};

/**
 * next-auth's handler behind two doors: only the parts in use, and no change from a page elsewhere. A program without
 * an `Origin` still has to bring next-auth's own CSRF token.
 */
export async function handleNextAuth(
  request: NextRequest,
  context: { params: Promise<{ nextauth: string[] }> },
): Promise<Response> {
  const [action = ""] = (await context.params).nextauth;
  if (!REACHABLE[request.method]?.includes(action)) return new Response(null, { status: 404 });
  if (request.method === "POST" && isForeign(request.headers)) {
    return Response.json(
      { code: "cross_site", detail: "This must be sent from a page of this console." },
      { status: 403 },
    );
  }
  const options = nextAuthOptions(request.headers);
  const response = await NextAuth(request, context, options);
  return onOwnAddress(response, request.headers);
}

/** next-auth builds its own pages' addresses from one fixed base; the browser may have come by another name. */
function onOwnAddress(response: Response, headers: Headers): Response {
  const location = URL.parse(response.headers.get("location") ?? "");
  if (!location?.pathname.startsWith("/api/auth/")) return response;
  const { protocol, host } = requestOrigin(headers);
  const changed = new Headers(response.headers);
  changed.set("location", `${protocol}://${host}${location.pathname}${location.search}`);
  return new Response(response.body, { status: response.status, headers: changed });
}
