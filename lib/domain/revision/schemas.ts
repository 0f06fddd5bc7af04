import { z } from "zod";
import { Id, Timestamp } from "../../contract/names.ts";
import { PolicyDocument } from "../../contract/policy-document.ts";
import { pageOf } from "../page.ts";
import { RolloutInput, RolloutState } from "../rollout/schemas.ts";

export const PublishInput = z.strictObject({
  note: z.string().trim().max(2_000).default(""),
  /** To all nodes at once, or to some first, watched by a gate. */
  rollout: RolloutInput.default({ strategy: "all" }),
  /** Why versions that take something away from their callers are published all the same; kept in the note. */
  incompatibleBecause: z.string().trim().min(1, "say why").max(500).optional(),
});

export const RevisionView = z.object({
  number: z.int(),
  epoch: z.int(),
  parent: z.int(),
  /** Of the canonical document alone: a rollback carries the hash of the document it brings back. */
  sha256: z.string(),
  signature: z.string(),
  kind: z.enum(["publish", "rollback"]),
  rolledBackTo: z.int().nullable(),
  note: z.string(),
  author: z.object({ id: z.string(), name: z.string() }),
  /** Whether it is what nodes run: of a canary that is under way, the one before it is. */
  active: z.boolean(),
  /** Its canary, where it had one. */
  rollout: z.object({ id: Id, state: RolloutState }).nullable(),
  createdAt: Timestamp,
  etag: z.string(),
});
export type RevisionView = z.infer<typeof RevisionView>;
export const RevisionDetail = RevisionView.extend({ document: PolicyDocument });
export const RevisionPage = pageOf(RevisionView);
export const RevisionNumber = z.coerce.number<string | number>().int().min(1).max(2_147_483_647);
