export { beginSignIn, lockMs } from "./attempt.ts";
export { createSession, SESSION_SECONDS } from "./create.ts";
export { listSessions } from "./read.ts";
export { refuseSession } from "./refuse.ts";
export { resolveSession, resolveUser, SessionHolder } from "./resolve.ts";
export { revokeSession } from "./revoke.ts";
