import { z } from "zod";
import { Timestamp } from "../../contract/names.ts";
import { PolicyDocument } from "../../contract/policy-document.ts";
import { pageOf } from "../page.ts";

/** A canary's share and gate are known to the contract, so that asking for one is answered with what is missing. */
const Rollout = z
  .strictObject({
    strategy: z.enum(["all", "canary"]),
    percent: z.number().min(0).max(100).optional(),
    group: z.string().optional(),
    gate: z.record(z.string(), z.unknown()).optional(),
  })
  .refine(({ strategy, percent, group, gate }) => strategy === "all" && (percent ?? group ?? gate) === undefined, {
    message: 'Canary rollouts are not carried out in this release. Publish with {"strategy":"all"}.',
    path: ["strategy"],
    params: { code: "not_supported" },
  });

export const PublishInput = z.strictObject({
  note: z.string().trim().max(2_000).default(""),
  rollout: Rollout.default({ strategy: "all" }),
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
  active: z.boolean(),
  createdAt: Timestamp,
  etag: z.string(),
});
export type RevisionView = z.infer<typeof RevisionView>;
export const RevisionDetail = RevisionView.extend({ document: PolicyDocument });
export const RevisionPage = pageOf(RevisionView);
export const RevisionNumber = z.coerce.number<string | number>().int().min(1).max(2_147_483_647);
