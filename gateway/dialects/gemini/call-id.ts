import { randomUUID } from "node:crypto";

const PREFIX = "gcall_";
const UNUSABLE = /[^a-zA-Z0-9_-]/g;

/**
 * An id for a call that the upstream gave none: older models do not. It is made of the answer's own id, so that calls of
 * two turns never share one, and it is told by its prefix when it comes back, for the upstream knows nothing of it.
 */
export function generatedCallId(responseId: string | null, index: number): string {
  return `${PREFIX}${(responseId ?? randomUUID()).replaceAll(UNUSABLE, "-").slice(0, 48)}_${index}`;
}

export function isGeneratedCallId(id: string): boolean {
  return id.startsWith(PREFIX);
}
