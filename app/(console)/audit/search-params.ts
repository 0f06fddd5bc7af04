import { parseAsArrayOf, parseAsString } from "nuqs/server";
import type { AuditFilterKey } from "#lib/query/audit.ts";

const list = parseAsArrayOf(parseAsString).withDefault([]);

/** The URL's keys of the audit's filters. */
export const auditFilterParsers = {
  actorId: list,
  action: list,
  resource: list,
  resourceId: list,
  teamId: list,
  outcome: list,
} satisfies Record<AuditFilterKey, typeof list>;
