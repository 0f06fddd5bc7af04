import { notFound } from "../errors.ts";
import { IdInput } from "../id-input.ts";
import { query } from "../verb.ts";
import { AUDIT_ROWS, type AuditRow, auditView } from "./rows.ts";
import { AuditView } from "./schemas.ts";

/** One entry of the audit. 404. */
export const getAuditEntry = query({
  name: "audit.get",
  permission: "audit.read",
  input: IdInput,
  output: AuditView,
  async run(ctx, { id }) {
    const [row] = await ctx.tx.$queryRaw<AuditRow[]>`${AUDIT_ROWS} WHERE entry.id = ${id}`;
    if (!row) throw notFound("audit entry");
    return auditView(row);
  },
});
