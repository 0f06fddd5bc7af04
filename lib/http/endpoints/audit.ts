import { getAuditEntry, listAudit, verifyAudit } from "../../domain/audit/index.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";

export const audit: readonly Endpoint[] = [
  endpoint({
    method: "GET",
    path: "/audit",
    verb: listAudit,
    summary: "Who did what to which thing, newest first; the last 24 hours by default",
  }),
  endpoint({
    method: "GET",
    path: "/audit/verify",
    verb: verifyAudit,
    summary: "Check the chain of hashes over the whole audit",
  }),
  endpoint({ method: "GET", path: "/audit/{id}", verb: getAuditEntry, summary: "Read an entry with before and after" }),
];
