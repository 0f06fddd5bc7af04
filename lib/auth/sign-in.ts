import { PasswordCheckBusy, verifyPassword } from "../crypto/password.ts";
import { userActor } from "../domain/actor.ts";
import type { Context } from "../domain/context.ts";
import { beginSignIn, createSession, refuseSession, resolveUser, revokeSession } from "../domain/session/index.ts";
import { bySession } from "./authenticate.ts";
import { type Occasion, systemOn } from "./occasion.ts";
import { createThrottle, type Throttle } from "./throttle.ts";

/** How a sign-in ended. "refused" never says whether the account exists, is locked, or the password was wrong. */
export type SignInResult =
  | { outcome: "signedIn"; userId: string; sessionId: string }
  | { outcome: "refused" | "tooMany" };

/** Failed sign-ins from one address: 20 at once, then one every 10 s. Right passwords do not count. */
const failuresByAddress: Throttle = createThrottle(20, 200);
/** Refusals written into the audit: past these the counters on the accounts still tell, but the table does not fill. */
const auditedRefusals: Throttle = createThrottle(30, 300);
/** Sign-ins looked at at the same time, so that a flood of them leaves connections to everybody else. */
const RUNNING_MAX = 16;
let running = 0;

const PASSWORD_LENGTH_MAX = 256;

/**
 * Checks an e-mail and password and opens a session; the session the browser came with is ended. Takes the same time
 * and gives the same answer for every kind of refusal.
 */
export async function signIn(
  typed: { email: string; password: string },
  headers: Headers,
  occasion: Occasion,
): Promise<SignInResult> {
  const from = occasion.address ?? "unknown";
  if (running >= RUNNING_MAX || failuresByAddress.take(from, occasion.now().getTime()) > 0)
    return { outcome: "tooMany" };
  running++;
  try {
    const ctx = await checkPassword(typed, occasion);
    if (!ctx) return { outcome: "refused" };
    failuresByAddress.refund(from, occasion.now().getTime());
    await endPresentSession(headers, occasion);
    const session = await createSession(ctx, {});
    return { outcome: "signedIn", userId: ctx.actor.id, sessionId: session.id };
  } catch (error) {
    if (error instanceof PasswordCheckBusy) return { outcome: "tooMany" };
    throw error;
  } finally {
    running--;
  }
}

async function checkPassword(typed: { email: string; password: string }, occasion: Occasion): Promise<Context | null> {
  const system = systemOn(occasion);
  const email = typed.email.trim().toLowerCase().slice(0, 254).replaceAll("\0", "");
  const account = await beginSignIn(system, { email });
  const fits = await verifyPassword(account?.passwordHash ?? null, typed.password.slice(0, PASSWORD_LENGTH_MAX));
  const holder = fits && account ? await resolveUser(system, { id: account.userId }) : null;
  if (holder) return { ...occasion, actor: userActor(holder) };
  if (auditedRefusals.take("all", occasion.now().getTime()) === 0) await refuseSession(system, { email });
  return null;
}

async function endPresentSession(headers: Headers, occasion: Occasion): Promise<void> {
  const present = await bySession(headers, occasion);
  if (present) await signOut(present.ctx);
}

/** Ends the session that a context came with. */
export async function signOut(ctx: Context): Promise<void> {
  if (ctx.sessionId !== undefined) await revokeSession(ctx, { id: ctx.sessionId });
}
