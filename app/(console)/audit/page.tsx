import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { createLoader, parseAsString, type SearchParams } from "nuqs/server";
import { NoAccess } from "#components/viewer/no-access.tsx";
import { requireSession } from "#lib/auth/require-session.ts";
import { listAudit } from "#lib/domain/audit/index.ts";
import { auditKeys, auditQuery } from "#lib/query/audit.ts";
import { prefill } from "#lib/query/prefill.ts";
import { askedRange } from "../asked-range.ts";
import { firstPaint } from "../first-paint.ts";
import { AuditClient } from "./client.tsx";
import { auditFilterParsers } from "./search-params.ts";

export const metadata: Metadata = { title: "Audit" };

const loadAuditParams = createLoader({
  ...auditFilterParsers,
  q: parseAsString.withDefault(""),
  cursor: parseAsString,
});

/** The audit. */
export default async function AuditPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const ctx = await requireSession();
  if (!ctx.actor.permissions.has("audit.read")) return <NoAccess what="The audit's entries" />;
  const range = await askedRange(searchParams, "7d", Date.now());
  const { fromMs, toMs } = range;
  const { q, cursor, ...filters } = await loadAuditParams(searchParams);
  const asked = { fromMs, toMs, q: q.trim(), cursor, filters };
  const entries = await firstPaint([[auditKeys.list(asked), () => listAudit(ctx, auditQuery(asked))]]);
  return (
    <HydrationBoundary state={prefill(entries)}>
      <AuditClient firstRange={range} />
    </HydrationBoundary>
  );
}
