import type { AuditView } from "#lib/domain/audit/schemas.ts";

/** The nouns of the audit as people read them. */
const nouns: Record<string, string> = {
  apiKey: "API key",
  managementToken: "management token",
  joinToken: "join token",
  nodeGroup: "node group",
  nodeBundle: "node bundle",
  routeVersion: "route version",
  priceOverride: "price",
  policyTemplate: "policy template",
};

const verbs: Record<string, string> = {
  create: "created",
  update: "changed",
  delete: "deleted",
  issue: "issued",
  revoke: "revoked",
  rotate: "rotated",
  publish: "published",
  apply: "applied",
  rollback: "rolled back to",
  discard: "discarded",
  discardChange: "took back a change of the",
  request: "requested",
  approve: "gave",
  reject: "refused",
  withdraw: "withdrew",
  cancel: "cancelled",
  run: "ran",
  purgeCache: "purged the cache of",
  scale: "scaled",
  join: "joined",
  remove: "removed",
  verify: "verified",
  signIn: "signed in",
  signOut: "signed out",
  resetPassword: "reset the password of",
  changePassword: "changed the password of",
};

/** A noun in words: `apiKey` → "API key". */
export function nounWords(noun: string): string {
  return nouns[noun] ?? noun.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** An action in words: `apiKey.issue` → "issued API key". */
export function actionWords(action: string): string {
  const [noun = "", verb = ""] = action.split(".");
  const deed = verbs[verb] ?? verb.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return `${deed} ${nounWords(noun)}`.trim();
}

const kinds: Record<string, string> = {
  user: "person",
  managementToken: "token",
  node: "node",
  system: "Turnpike itself",
};

/** Who acted. The personal half of an entry can be destroyed; then the id is all there is. */
export function actorWords({ actor }: AuditView): string {
  return actor.name ?? actor.id;
}

export function actorKindWords({ actor }: AuditView): string {
  return kinds[actor.kind] ?? actor.kind;
}

const pages: Record<string, string> = {
  consumer: "/consumers",
  team: "/teams",
  apiKey: "/api-keys",
  plan: "/plans",
  upstream: "/upstreams",
  route: "/routes",
  revision: "/revisions",
  nodeGroup: "/nodes/groups",
};

/** The page of the thing that was acted on, unless it is gone or has none. */
export function resourceHref({ resource, resourceId, action }: AuditView): string | null {
  const page = pages[resource];
  return page === undefined || action.endsWith(".delete") ? null : `${page}/${resourceId}`;
}

/** The resources and actions that filters offer. */
export const resourceOptions = [
  "apiKey",
  "consumer",
  "team",
  "plan",
  "upstream",
  "credential",
  "route",
  "routeVersion",
  "priceOverride",
  "revision",
  "draft",
  "approval",
  "scheduledPublish",
  "settings",
  "node",
  "joinToken",
  "nodeGroup",
  "nodeBundle",
  "user",
  "session",
  "managementToken",
  "installation",
] as const;
