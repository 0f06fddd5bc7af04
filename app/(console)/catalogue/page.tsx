import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { requireSession } from "#lib/auth/require-session.ts";
import { searchCatalogue } from "#lib/domain/model/index.ts";
import { catalogueKeys } from "#lib/query/catalogue.ts";
import { given, prefill } from "#lib/query/prefill.ts";
import { firstPaint } from "../first-paint.ts";
import { CatalogueClient } from "./client.tsx";
import { loadCatalogueParams } from "./search-params.ts";

export const metadata: Metadata = { title: "Catalogue" };

/** The models that providers have, and what they cost. */
export default async function CataloguePage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const ctx = await requireSession();
  const asked = await loadCatalogueParams(searchParams);
  const entries = await firstPaint([[catalogueKeys.list(asked), () => searchCatalogue(ctx, given(asked))]]);
  return (
    <HydrationBoundary state={prefill(entries)}>
      <CatalogueClient />
    </HydrationBoundary>
  );
}
