import type { DraftView } from "#lib/domain/draft/schemas.ts";

/** Whether all that stands in the way of a draft are versions that take something from their callers: a reason will do. */
export function needsOnlyReason({ problems }: Pick<DraftView, "problems">): boolean {
  return problems.length > 0 && problems.every(({ code }) => code === "incompatible_version");
}
