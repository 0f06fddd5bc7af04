import { z } from "zod";
import type { Credential, Upstream } from "#prisma/generated/client.ts";
import { HealthPolicy } from "../../contract/health-check.ts";
import { Timeouts, UpstreamOptions } from "../../contract/policy-document.ts";
import { UpstreamRateLimit } from "../../contract/rate-limit.ts";
import type { Tx } from "../../db/client.ts";
import { etagOf } from "../etag.ts";
import type { UpstreamView } from "./schemas.ts";

const RateLimits = z.array(UpstreamRateLimit);
type CredentialRow = Omit<Credential, "sealedSecret">;

/** The parts of an upstream that a person writes, as the row holds them. */
export function upstreamFields(row: Upstream) {
  return {
    name: row.name,
    provider: row.provider,
    baseUrl: row.baseUrl,
    options: UpstreamOptions.parse(row.options),
    allowPrivateNetwork: row.allowPrivateNetwork,
    timeouts: Timeouts.parse(row.timeouts),
    health: HealthPolicy.parse(row.health),
    rateLimits: RateLimits.parse(row.rateLimits),
  };
}

/** An upstream as the draft has it, with what may be known of its credentials. */
export function upstreamView(row: Upstream, credentials: CredentialRow[]): UpstreamView {
  return {
    id: row.id,
    ...upstreamFields(row),
    isDemo: row.isDemo,
    credentials: credentials.map(({ id, name, kind, last4 }) => ({ id, name, kind, last4 })),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    etag: etagOf(row.version),
  };
}

/** The credentials of each of the upstreams, oldest first. */
export async function credentialsByUpstream(tx: Tx, upstreamIds: string[]): Promise<Map<string, CredentialRow[]>> {
  const rows = await tx.credential.findMany({ where: { upstreamId: { in: upstreamIds } }, orderBy: { id: "asc" } });
  return Map.groupBy(rows, (row) => row.upstreamId);
}
