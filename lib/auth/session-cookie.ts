import { decode } from "next-auth/jwt";
import { env } from "../env.ts";

/** With TLS the name binds the cookie to this very host; without it the browser would refuse such a name. */
export function sessionCookieName(isSecure: boolean): string {
  return isSecure ? "__Host-turnpike.session" : "turnpike.session";
}

/** The session id inside the encrypted cookie of a request. Null for no cookie, a foreign, changed or expired one. */
export async function sessionIdOf(headers: Headers, isSecure: boolean): Promise<string | null> {
  const sealed = cookieValue(headers.get("cookie"), sessionCookieName(isSecure));
  if (sealed === undefined) return null;
  try {
    const token = await decode({ token: sealed, secret: env().NEXTAUTH_SECRET });
    return typeof token?.sessionId === "string" ? token.sessionId : null;
  } catch {
    return null;
  }
}

function cookieValue(header: string | null, name: string): string | undefined {
  const pairs = header?.split(";").map((pair) => pair.trim()) ?? [];
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}
