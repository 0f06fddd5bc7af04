import { secretHash } from "../contract/api-key-format.ts";
import { tokenActor, userActor } from "../domain/actor.ts";
import type { Context } from "../domain/context.ts";
import { DomainError } from "../domain/errors.ts";
import { resolveManagementToken } from "../domain/management-token/index.ts";
import { resolveSession } from "../domain/session/index.ts";
import { type Occasion, systemOn } from "./occasion.ts";
import { requestOrigin } from "./request-origin.ts";
import { sessionIdOf } from "./session-cookie.ts";

/** Who proved to be who, and by what. */
export interface Authenticated {
  ctx: Context;
  by: "session" | "managementToken";
}

const BEARER = /^Bearer +(tpm_[\x21-\x7e]{1,500})$/i;

/**
 * Finds out who asks: a management token in `Authorization: Bearer`, or else the console session's cookie. Both are
 * looked up for every request, so that a revocation, a disabled user or another role is in force at once. Throws 401
 * `unauthenticated`, with the same words whatever was wrong.
 */
export async function authenticate(headers: Headers, occasion: Occasion): Promise<Authenticated> {
  const authorization = headers.get("authorization");
  const found =
    authorization === null ? await bySession(headers, occasion) : await byManagementToken(authorization, occasion);
  if (!found) throw new DomainError("unauthenticated", "Sign in, or send a management token that is in force.");
  return found;
}

async function byManagementToken(authorization: string, occasion: Occasion): Promise<Authenticated | null> {
  const secret = BEARER.exec(authorization)?.[1];
  if (secret === undefined) return null;
  const token = await resolveManagementToken(systemOn(occasion), { sha256: secretHash(secret) });
  return token && { ctx: { ...occasion, actor: tokenActor(token) }, by: "managementToken" };
}

/** Who is signed in with the cookie among these headers, or null. */
export async function bySession(headers: Headers, occasion: Occasion): Promise<Authenticated | null> {
  const sessionId = await sessionIdOf(headers, requestOrigin(headers).protocol === "https");
  if (sessionId === null) return null;
  const holder = await resolveSession(systemOn(occasion), { id: sessionId });
  return holder && { ctx: { ...occasion, actor: userActor(holder), sessionId }, by: "session" };
}
