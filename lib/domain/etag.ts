import type { Context } from "./context.ts";
import { DomainError } from "./errors.ts";

/** The strong ETag of a row: its change counter. */
export function etagOf(version: number): string {
  return `"${version}"`;
}

/** Throws 412 when `If-Match` names another version than the row has now. */
export function requireMatch(ctx: Context, version: number): void {
  requireEtag(ctx, etagOf(version));
}

/** Throws 412 when `If-Match` names another state than this ETag. */
export function requireEtag(ctx: Context, etag: string): void {
  if (ctx.ifMatch !== undefined && ctx.ifMatch !== etag) throw lostRace();
}

/** For a guarded update that met no row: somebody else was faster between our read and our write. */
export function lostRace(): DomainError {
  return new DomainError(
    "precondition_failed",
    "It was changed by somebody else in the meantime. Read it again and repeat the change on what it is now.",
  );
}
