import { type Database, database } from "../db/client.ts";
import { type Context, systemContext } from "../domain/context.ts";
import { newId } from "../domain/new-id.ts";

/** On what occasion somebody acts: everything of a context but the actor. */
export interface Occasion {
  requestId: string;
  address: string | null;
  userAgent: string | null;
  database: Database;
  now(): Date;
}

const USER_AGENT_LENGTH_MAX = 300;

/** Reads the occasion of a request off its headers. */
export function occasionOf(headers: Headers, at: { database?: Database; now?: () => Date } = {}): Occasion {
  return {
    requestId: newId("req"),
    address: clientAddress(headers),
    userAgent: printable(headers.get("user-agent"))?.slice(0, USER_AGENT_LENGTH_MAX) ?? null,
    database: at.database ?? database(),
    now: at.now ?? (() => new Date()),
  };
}

/** The control plane itself, acting on the occasion of somebody's request. */
export function systemOn(occasion: Occasion): Context {
  return { ...systemContext(occasion.database, occasion.requestId, occasion.now), ...occasion };
}

/**
 * The caller's address: the last entry of `x-forwarded-for`, which the nearest proxy, or the server itself, wrote.
 * Entries before it are the caller's own words.
 */
function clientAddress(headers: Headers): string | null {
  const last = headers.get("x-forwarded-for")?.split(",").at(-1)?.trim();
  return printable(last)?.slice(0, 64) || null;
}

function printable(text: string | null | undefined): string | null {
  return text?.replaceAll(/[^\x20-\x7e]/g, "?") ?? null;
}
