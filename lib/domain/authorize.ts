import type { Permission } from "../contract/permissions.ts";
import type { Actor } from "./context.ts";
import { DomainError, notFound } from "./errors.ts";

/** Throws 403 unless the actor holds the permission. The system holds every permission. */
export function requirePermission(actor: Actor, permission: Permission): void {
  if (actor.kind === "system" || actor.permissions.has(permission)) return;
  throw new DomainError(
    "permission_denied",
    `This needs the permission ${permission}, which ${actor.role ?? "this credential"} does not have.`,
  );
}

/** Whether the actor may touch a team's things. */
export function reachesTeam(actor: Actor, teamId: string): boolean {
  return actor.scope === "organisation" || actor.scope.teamIds.includes(teamId);
}

/** Throws 404, the answer for what does not exist, unless the actor reaches the team that owns the loaded thing. */
export function requireTeam(actor: Actor, teamId: string, noun: string): void {
  if (!reachesTeam(actor, teamId)) throw notFound(noun);
}
