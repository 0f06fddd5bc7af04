import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { NoAccess } from "#components/viewer/no-access.tsx";
import { requireSession } from "#lib/auth/require-session.ts";
import { getRequest } from "#lib/domain/request/index.ts";
import { gatewayAddress } from "#lib/gateway-address.ts";
import { prefill } from "#lib/query/prefill.ts";
import { requestKeys } from "#lib/query/requests.ts";
import { firstPaint } from "../../first-paint.ts";
import { RequestClient } from "./client.tsx";

export const metadata: Metadata = { title: "Request" };

/** One call: what was asked, what policy said, what it cost. */
export default async function RequestPage({ params }: { params: Promise<{ id: string }> }) {
  const ctx = await requireSession();
  if (!ctx.actor.permissions.has("request.read")) return <NoAccess what="Requests" />;
  const { id } = await params;
  const entries = await firstPaint([[requestKeys.one(id), () => getRequest(ctx, { id })]], notFound);
  return (
    <HydrationBoundary state={prefill(entries)}>
      <RequestClient id={id} gatewayUrl={gatewayAddress((await headers()).get("host"))} />
    </HydrationBoundary>
  );
}
