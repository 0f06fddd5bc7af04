import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { AuditPage, AuditView, VerifyView } from "#lib/domain/audit/schemas.ts";
import { callApi, queryString } from "./api-client.ts";

export const auditFilterKeys = ["actorId", "action", "resource", "resourceId", "teamId", "outcome"] as const;
export type AuditFilterKey = (typeof auditFilterKeys)[number];
export type AuditFilters = { readonly [K in AuditFilterKey]?: readonly string[] | undefined };

export interface AuditAsked {
  fromMs: number;
  toMs: number;
  q: string;
  cursor: string | null;
  filters: AuditFilters;
}

/** The query of `GET /audit`. */
export function auditQuery({ fromMs, toMs, q, cursor, filters }: AuditAsked): Record<string, string> {
  const lists = auditFilterKeys.flatMap((key): [string, string][] => {
    const values = filters[key] ?? [];
    return values.length > 0 ? [[key, values.join(",")]] : [];
  });
  return {
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    ...(q === "" ? {} : { q }),
    ...(cursor === null ? {} : { cursor }),
    ...Object.fromEntries(lists),
  };
}

export const auditKeys = {
  all: ["audit"] as const,
  list: (asked: AuditAsked) => ["audit", "list", auditQuery(asked)] as const,
  one: (id: string | null) => ["audit", "one", id] as const,
};

/** One page of entries, newest first. */
export function useAudit(asked: AuditAsked) {
  return useQuery({
    queryKey: auditKeys.list(asked),
    queryFn: ({ signal }) => callApi(AuditPage, "GET", `/audit${queryString(auditQuery(asked))}`, { signal }),
    placeholderData: keepPreviousData,
  });
}

/** One entry; null asks for none. An entry never changes, but its seal may still come. */
export function useAuditEntry(id: string | null) {
  return useQuery({
    queryKey: auditKeys.one(id),
    queryFn: ({ signal }) => callApi(AuditView, "GET", `/audit/${encodeURIComponent(id ?? "")}`, { signal }),
    enabled: id !== null,
  });
}

/** Recomputes the whole chain of hashes; `head` is one that was noted down before. */
export function useVerifyAudit() {
  return useMutation({
    mutationFn: (head: string) => callApi(VerifyView, "GET", `/audit/verify${queryString({ head })}`),
  });
}
