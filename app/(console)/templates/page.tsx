import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { requireSession } from "#lib/auth/require-session.ts";
import { listTemplates } from "#lib/domain/template/index.ts";
import { prefill } from "#lib/query/prefill.ts";
import { templatesKey } from "#lib/query/templates.ts";
import { firstPaint } from "../first-paint.ts";
import { TemplatesClient } from "./client.tsx";

export const metadata: Metadata = { title: "Templates" };

/** Ready policies to start from. */
export default async function TemplatesPage() {
  const ctx = await requireSession();
  const entries = await firstPaint([[templatesKey, () => listTemplates(ctx, {})]]);
  return (
    <HydrationBoundary state={prefill(entries)}>
      <TemplatesClient />
    </HydrationBoundary>
  );
}
