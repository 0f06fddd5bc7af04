import { z } from "zod";
import type { Revision } from "#prisma/generated/client.ts";
import type { Place } from "./place.ts";
import type { RevisionView } from "./schemas.ts";

const Kind = z.enum(["publish", "rollback"]);

/** A revision without its document. Immutable, so its hash and number are its ETag. */
export function revisionView(row: Omit<Revision, "document">, place: Place): RevisionView {
  const { number, epoch, parent, sha256, signature, rolledBackTo, note } = row;
  const author = { id: row.authorId, name: row.authorName };
  const rest = {
    author,
    active: number === place.prevailing,
    rollout: place.rollouts.get(number) ?? null,
    createdAt: row.createdAt.toISOString(),
    etag: `"${number}-${sha256.slice(0, 16)}"`,
  };
  return { number, epoch, parent, sha256, signature, kind: Kind.parse(row.kind), rolledBackTo, note, ...rest };
}
