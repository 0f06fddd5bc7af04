import { z } from "zod";
import type { ApiKey } from "#prisma/generated/client.ts";
import type { DirectoryApiKey } from "../../contract/directory.ts";
import { etagOf } from "../etag.ts";
import type { ApiKeyView } from "./schemas.ts";

export const API_KEY_PARTS = { consumer: { select: { name: true } } } as const;
export type ApiKeyRow = Omit<ApiKey, "sha256"> & { consumer: { name: string } };

/** A key without its secret or hash. */
export function apiKeyView(row: ApiKeyRow, now: Date): ApiKeyView {
  return {
    id: row.id,
    consumerId: row.consumerId,
    consumerName: row.consumer.name,
    teamId: row.teamId,
    name: row.name,
    prefix: row.prefix,
    last4: row.last4,
    state: row.revokedAt ? "revoked" : row.expiresAt && row.expiresAt <= now ? "expired" : "active",
    routes: keyRoutes(row),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    etag: etagOf(row.version),
  };
}

/** A key as nodes see it. */
export function directoryApiKey(row: Omit<ApiKey, "sha256">, sha256: string): DirectoryApiKey {
  return {
    id: row.id,
    consumerId: row.consumerId,
    sha256,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    routes: keyRoutes(row),
  };
}

function keyRoutes(row: { routes: unknown }): string[] | null {
  return z.array(z.string()).nullable().parse(row.routes);
}
