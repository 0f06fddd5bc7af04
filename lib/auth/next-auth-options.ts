import type { NextAuthOptions } from "next-auth";
import Credentials from "next-auth/providers/credentials";
import { SESSION_SECONDS } from "../domain/session/index.ts";
import { env } from "../env.ts";
import { log } from "../log.ts";
import { bySession } from "./authenticate.ts";
import { occasionOf } from "./occasion.ts";
import { requestOrigin } from "./request-origin.ts";
import { sessionCookieName } from "./session-cookie.ts";
import { signIn, signOut } from "./sign-in.ts";

/** What the sign-in page tells apart: wrong (or locked, or unknown), slow down, and a fault of ours. */
export const SIGN_IN_ERRORS = {
  refused: "CredentialsSignin",
  tooMany: "TooManyAttempts",
  unavailable: "Unavailable",
} as const;

/**
 * next-auth for one request. The cookie it issues carries only a session id; whether that session is still good is the
 * database's to say, for every request. Built anew per request so that redirects and cookie flags follow the address
 * the browser used.
 */
export function nextAuthOptions(headers: Headers): NextAuthOptions {
  const { protocol, host } = requestOrigin(headers);
  const isSecure = protocol === "https";
  const origin = `${protocol}://${host}`;
  return {
    secret: env().NEXTAUTH_SECRET,
    useSecureCookies: isSecure,
    session: { strategy: "jwt", maxAge: SESSION_SECONDS },
    cookies: {
      sessionToken: {
        name: sessionCookieName(isSecure),
        options: { httpOnly: true, sameSite: "lax", path: "/", secure: isSecure },
      },
    },
    pages: { signIn: "/sign-in", signOut: "/sign-in", error: "/sign-in" },
    providers: [credentialsProvider(headers)],
    callbacks: {
      redirect: ({ url }) => ownAddress(url, origin),
      jwt: async ({ token, user }) => {
        if (user) return { sessionId: user.sessionId };
        // Not signed in any more: throwing makes next-auth clear the cookie.
        if (!(await bySession(headers, occasionOf(headers)))) throw new Error("This session is over");
        return { sessionId: token.sessionId };
      },
      session: ({ session }) => ({ expires: session.expires }),
    },
    events: {
      signOut: async () => {
        const present = await bySession(headers, occasionOf(headers));
        if (present) await signOut(present.ctx);
      },
    },
    logger: {
      error: (code, detail) => {
        if (code !== "JWT_SESSION_ERROR") log.error({ code, err: detail }, "next-auth failed");
      },
      warn: (code) => log.debug({ code }, "next-auth warns"),
      debug: () => {},
    },
  };
}

function credentialsProvider(headers: Headers) {
  return Credentials({
    credentials: { email: { type: "email" }, password: { type: "password" } },
    async authorize(typed) {
      const [email, password] = [typed?.email, typed?.password];
      if (typeof email !== "string" || typeof password !== "string") return null;
      const result = await signIn({ email, password }, headers, occasionOf(headers)).catch((error: unknown) => {
        // next-auth would put the error's own words into the address bar.
        log.error({ err: error }, "a sign-in failed");
        throw new Error(SIGN_IN_ERRORS.unavailable);
      });
      if (result.outcome === "tooMany") throw new Error(SIGN_IN_ERRORS.tooMany);
      return result.outcome === "signedIn" ? { id: result.userId, sessionId: result.sessionId } : null;
    },
  });
}

/** Where to go after signing in or out: a page of ours, whatever was asked for. */
function ownAddress(url: string, origin: string): string {
  const wanted = URL.parse(url, origin);
  return wanted && wanted.origin === origin ? wanted.href : `${origin}/`;
}

declare module "next-auth" {
  interface User {
    sessionId?: string;
  }
}
declare module "next-auth/jwt" {
  interface JWT {
    sessionId?: string | undefined;
  }
}
