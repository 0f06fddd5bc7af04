import type { Credential } from "#prisma/generated/client.ts";
import type { Tx } from "../../db/client.ts";
import { etagOf } from "../etag.ts";
import type { CredentialView } from "./schemas.ts";

/** What may be known of a credential: everything but the secret. */
export function credentialView(
  row: Omit<Credential, "sealedSecret">,
  upstreamNames: ReadonlyMap<string, string>,
): CredentialView {
  const { id, upstreamId, name, kind, last4 } = row;
  const times = { createdAt: row.createdAt.toISOString(), updatedAt: row.updatedAt.toISOString() };
  return {
    id,
    upstreamId,
    upstreamName: upstreamNames.get(upstreamId) ?? null,
    name,
    kind,
    last4,
    ...times,
    etag: etagOf(row.version),
  };
}

/** Names of the draft's upstreams by id. */
export async function upstreamNames(tx: Tx, ids: string[]): Promise<Map<string, string>> {
  const rows = await tx.upstream.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } });
  return new Map(rows.map((row) => [row.id, row.name]));
}
