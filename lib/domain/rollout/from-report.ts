import type { Node } from "#prisma/generated/client.ts";
import type { NodeReport } from "../../contract/node-protocol.ts";
import { KeptTraffic, keepTraffic } from "./figures.ts";

/** A node that has rejected so many revisions takes no canary until a person lets it. */
const QUARANTINE_AFTER = 2;

/** What becomes of a node that has rejected one more revision. */
export function countRejection(
  { rejections, quarantinedAt }: Pick<Node, "rejections" | "quarantinedAt">,
  now: Date,
): { rejections: number; quarantinedAt: Date | null } {
  const counted = rejections + 1;
  return { rejections: counted, quarantinedAt: quarantinedAt ?? (counted >= QUARANTINE_AFTER ? now : null) };
}

/** What is kept of a node's sums after a report, where it brings any. */
export function keptTraffic(before: Pick<Node, "traffic">, { traffic }: NodeReport): { traffic?: KeptTraffic } {
  if (traffic === undefined) return {};
  const kept = KeptTraffic.nullable().safeParse(before.traffic);
  return { traffic: keepTraffic(kept.success ? kept.data : null, traffic) };
}
