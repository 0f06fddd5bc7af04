/** Every act of the control plane, as `noun.verb`. The one table of who may do what; client-safe. */
export const PERMISSIONS = [
  "me.read",
  /** Change one's own password and end one's own sessions. */
  "me.write",
  "team.read",
  "team.write",
  "consumer.read",
  "consumer.write",
  "apiKey.read",
  "apiKey.write",
  "plan.read",
  "plan.write",
  "upstream.read",
  "upstream.write",
  /** Point an upstream, or the webhook that scales a group, at a loopback or private address. */
  "upstream.privateNetwork",
  "credential.read",
  "credential.write",
  "route.read",
  "route.write",
  "model.read",
  /** Set what a model costs here, in the place of the price list. */
  "price.write",
  "draft.read",
  /** Plan a declaration and export one. */
  "declaration.read",
  /** Apply one: every change in it needs its own permission too. */
  "declaration.write",
  "draft.discard",
  "revision.read",
  "revision.publish",
  /** Say yes or no to what somebody else wants to publish. */
  "revision.approve",
  "node.read",
  "node.write",
  "joinToken.read",
  "joinToken.write",
  /** Export what a new node starts from without the control plane: it holds every upstream's secret. */
  "nodeBundle.create",
  /** Make every node take this control plane's state anew, after it was restored from a backup. */
  "epoch.raise",
  "nodeGroup.read",
  "nodeGroup.write",
  "usage.read",
  "request.read",
  "audit.read",
  "audit.verify",
  "user.read",
  "user.write",
  "managementToken.read",
  "managementToken.write",
  "settings.read",
  "settings.write",
] as const;
export type Permission = (typeof PERMISSIONS)[number];

export const ROLES = ["owner", "admin", "operator", "auditor", "developer"] as const;
export type Role = (typeof ROLES)[number];

const READ_ALL = PERMISSIONS.filter((permission) => permission.endsWith(".read"));
const WRITE_TRAFFIC = [
  "consumer.write",
  "apiKey.write",
  "plan.write",
  "upstream.write",
  "route.write",
  "draft.discard",
  "declaration.write",
  "revision.publish",
  "revision.approve",
  "node.write",
  "joinToken.write",
  "nodeGroup.write",
] as const satisfies readonly Permission[];

/** An admin who could change the rules of publishing could publish alone whatever they say. */
const OWNER_ONLY: ReadonlySet<Permission> = new Set(["settings.write"]);

/** What each built-in role may do. Owner and admin differ in whom they may appoint too (`mayGrant`). */
export const ROLE_PERMISSIONS: Record<Role, ReadonlySet<Permission>> = {
  owner: new Set(PERMISSIONS),
  admin: new Set(PERMISSIONS.filter((permission) => !OWNER_ONLY.has(permission))),
  operator: new Set([...READ_ALL, ...WRITE_TRAFFIC, "me.write"]),
  auditor: new Set([...READ_ALL, "audit.verify", "me.write"]),
  developer: new Set([
    "me.read",
    "me.write",
    "team.read",
    "consumer.read",
    "consumer.write",
    "apiKey.read",
    "apiKey.write",
    "plan.read",
    "model.read",
    "usage.read",
    "request.read",
  ]),
};

/** Roles whose reach is their own teams; every other role reaches the whole organisation. */
export const TEAM_SCOPED_ROLES: ReadonlySet<Role> = new Set(["developer"]);

const RANK: Record<Role, number> = { owner: 4, admin: 3, operator: 2, auditor: 1, developer: 0 };

/** Nobody grants a role above their own, nor changes who holds one. */
export function mayGrant(own: Role, granted: Role): boolean {
  return RANK[granted] <= RANK[own];
}

/** Reads a role's name from outside (a database row, a session). Unknown names are nobody's role. */
export function isRole(text: string): text is Role {
  return ROLES.some((role) => role === text);
}
