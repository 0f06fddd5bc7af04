import { isRole, type Permission, ROLE_PERMISSIONS, type Role, TEAM_SCOPED_ROLES } from "../contract/permissions.ts";
import type { Actor } from "./context.ts";
import type { SessionHolder } from "./session/index.ts";

const NOTHING: ReadonlySet<Permission> = new Set();

/** A person as an actor. A role this release does not know may do nothing. */
export function userActor(holder: SessionHolder): Actor {
  const role = isRole(holder.role) ? holder.role : null;
  return { kind: "user", id: holder.id, name: holder.email, ...reach(role, holder.teamIds) };
}

/** A management token as an actor. It belongs to no team, so one with a team-scoped role owns nothing. */
export function tokenActor(token: { id: string; name: string; role: string }): Actor {
  const role = isRole(token.role) ? token.role : null;
  return { kind: "managementToken", id: token.id, name: token.name, ...reach(role, []) };
}

function reach(role: Role | null, teamIds: string[]): Pick<Actor, "role" | "permissions" | "scope"> {
  if (role === null) return { role, permissions: NOTHING, scope: { teamIds: [] } };
  const scope = TEAM_SCOPED_ROLES.has(role) ? { teamIds } : ("organisation" as const);
  return { role, permissions: ROLE_PERMISSIONS[role], scope };
}
