import { z } from "zod";
import type { Node } from "#prisma/generated/client.ts";
import { releaseStanding } from "../../contract/release-compatibility.ts";
import { RELEASE } from "./release.ts";
import { CLOCK_SKEW_MS_MAX, type NodeWarning } from "./schemas.ts";

const Refused = z.object({ code: z.literal("version_not_supported"), message: z.string() });
const Pointers = z.array(z.string());

/** What somebody should look at, of a node as it last reported itself. */
export function nodeWarnings(row: Node, epoch: number): NodeWarning[] {
  const refused = Refused.safeParse(row.refused);
  if (refused.success) return [{ code: refused.data.code, detail: refused.data.message }];
  return [...releaseWarnings(row), ...fieldWarnings(row), ...clockWarnings(row), ...epochWarnings(row, epoch)];
}

function releaseWarnings({ softwareVersion }: Node): NodeWarning[] {
  const standing = releaseStanding(softwareVersion, RELEASE);
  if (standing === "same" || standing === "not_supported") return [];
  const isNewer = standing === "one_minor_newer";
  const update = isNewer ? "Update the control plane." : "Update the node.";
  const detail = `It is of release ${softwareVersion}, the control plane of ${RELEASE}: one apart is the most. ${update}`;
  return [{ code: isNewer ? "version_newer" : "version_older", detail }];
}

function fieldWarnings({ notUnderstood }: Node): NodeWarning[] {
  const fields = Pointers.parse(notUnderstood);
  if (fields.length === 0) return [];
  const detail = `The node and the control plane do not understand each other in: ${fields.join(", ")}. Nothing of it is guessed.`;
  return [{ code: "fields_not_understood", detail }];
}

function clockWarnings({ clockSkewMs }: Node): NodeWarning[] {
  if (clockSkewMs === null || Math.abs(clockSkewMs) <= CLOCK_SKEW_MS_MAX) return [];
  const seconds = Math.round(Math.abs(clockSkewMs) / 1_000);
  const way = clockSkewMs > 0 ? "ahead of" : "behind";
  const detail = `Its clock is ${seconds} s ${way} the control plane's. It reckons with the control plane's; set it right.`;
  return [{ code: "clock_skew", detail }];
}

function epochWarnings(row: Node, epoch: number): NodeWarning[] {
  if (row.epoch <= epoch) return [];
  const detail =
    "It holds policy of a later epoch than this control plane's, which was restored without raising its own: raise it.";
  return [{ code: "epoch_ahead", detail }];
}
