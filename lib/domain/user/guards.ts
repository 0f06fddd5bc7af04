import { isRole, mayGrant, type Role } from "../../contract/permissions.ts";
import type { Tx } from "../../db/client.ts";
import type { Actor } from "../context.ts";
import { DomainError, invalidField } from "../errors.ts";

/** Throws 403 when a role lies above the actor's own: nobody grants it, nor touches who holds it. */
export function requireGrant(actor: Actor, role: string): void {
  if (actor.role !== null && isRole(role) && mayGrant(actor.role, role)) return;
  throw new DomainError(
    "permission_denied",
    `The role ${role} is above your own: only somebody who has it may do this.`,
  );
}

/**
 * Throws 409 when no owner who can sign in would be left. Locks the owners' rows until the transaction ends, so that
 * two owners cannot take each other away at the same moment.
 */
export async function requireAnotherOwner(tx: Tx, userId: string): Promise<void> {
  const owners = await tx.$queryRaw<{ id: string }[]>`
    SELECT "id" FROM "user" WHERE "role" = 'owner' AND "disabled_at" IS NULL ORDER BY "id" FOR UPDATE`;
  if (owners.every((owner) => owner.id === userId))
    throw new DomainError("conflict", "This is the last owner who can sign in. Make somebody else an owner first.");
}

/** Whether a user counts as an owner who can sign in. */
export function isActiveOwner(user: { role: string; disabled: boolean }): boolean {
  return user.role === ("owner" satisfies Role) && !user.disabled;
}

/** Throws 422 for a password that is the e-mail itself. */
export function requireOwnPassword(pointer: string, password: string, email: string): void {
  if (password.trim().toLowerCase() === email)
    throw invalidField(pointer, "password_is_email", "The password must not be the e-mail address.");
}

/** Throws 422 naming each team that does not exist. */
export async function requireKnownTeams(tx: Tx, teamIds: string[]): Promise<void> {
  const known = new Set((await tx.team.findMany({ where: { id: { in: teamIds } } })).map((team) => team.id));
  const detail = "There is no such team. Choose one from GET /teams.";
  const fields = teamIds.flatMap((id, index) =>
    known.has(id) ? [] : [{ pointer: `/teamIds/${index}`, code: "unknown_team", detail }],
  );
  if (fields.length > 0) throw new DomainError("invalid_request", detail, fields);
}

/** Throws 409 when another user has this e-mail. */
export async function requireFreeEmail(tx: Tx, email: string, ownId?: string): Promise<void> {
  const holder = await tx.user.findUnique({ where: { email }, select: { id: true } });
  if (holder && holder.id !== ownId)
    throw new DomainError("name_taken", "Another user already has this e-mail address.", [
      { pointer: "/email", code: "name_taken", detail: "is already in use" },
    ]);
}
