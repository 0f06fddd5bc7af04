"use client";
import type { DraftView } from "#lib/domain/draft/schemas.ts";
import { useDraft } from "#lib/query/draft.ts";

/** Who changed a resource of the draft last, by name; null where nobody did or it is not known. */
export function useLastEditor(resource: DraftView["changes"][number]["resource"], id: string): string | null {
  const { data } = useDraft();
  const change = data?.changes.find((candidate) => candidate.resource === resource && candidate.id === id);
  return change?.lastEdit?.actor.name ?? null;
}
