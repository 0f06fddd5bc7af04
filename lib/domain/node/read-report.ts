import { z } from "zod";
import { Id } from "../../contract/names.ts";
import { NodeReport } from "../../contract/node-protocol.ts";
import { releaseStanding } from "../../contract/release-compatibility.ts";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { parseInput } from "../parse-input.ts";
import { mutation } from "../verb.ts";
import { RELEASE, releaseProblem } from "./release.ts";

const NAMED_MAX = 20;
const Versioned = z.object({ version: z.string().max(40) });

/** A report as this release understands it. */
export interface ReadReport {
  report: NodeReport;
  /** JSON pointers of fields that were left out because only the node's newer release knows them. */
  notUnderstood: string[];
}

/**
 * Reads a node's report. Of a node that is one minor release newer, fields that this release does not know are left out
 * and named, so that the Nodes page shows them; of any other they are refused. A release that does not work with this one
 * is noted at the node and refused: 409 `version_not_supported`.
 */
export async function readReport(ctx: Context, nodeId: string, sent: unknown): Promise<ReadReport> {
  const { version } = parseInput(Versioned, sent);
  const problem = releaseProblem(version);
  if (problem !== null) {
    await noteRefusedNode(ctx, { nodeId, version, message: problem });
    throw new DomainError("version_not_supported", problem);
  }
  if (releaseStanding(version, RELEASE) !== "one_minor_newer") {
    return { report: parseInput(NodeReport, sent), notUnderstood: [] };
  }
  const { value, left } = withoutUnknown(sent);
  return { report: parseInput(NodeReport, value), notUnderstood: left.slice(0, NAMED_MAX) };
}

/** Remembers why a node is not taken as it is, for the Nodes page. */
const noteRefusedNode = mutation({
  name: "node.noteRefused",
  permission: "node.write",
  input: z.strictObject({ nodeId: Id, version: z.string(), message: z.string() }),
  output: z.null(),
  async run(ctx, { nodeId, version, message }) {
    const at = ctx.now();
    await ctx.tx.node.update({
      where: { id: nodeId },
      data: {
        softwareVersion: version,
        lastSeenAt: at,
        refused: { code: "version_not_supported", message, at: at.toISOString() },
      },
    });
    return { output: null, audit: "unchanged" };
  },
});

/** A copy without the fields that the schema of reports does not know, and where they stood. */
function withoutUnknown(sent: unknown): { value: unknown; left: string[] } {
  const value: unknown = structuredClone(sent);
  const left: string[] = [];
  const issues = NodeReport.safeParse(value).error?.issues ?? [];
  for (const issue of issues) {
    if (issue.code !== "unrecognized_keys") continue;
    const parent = issue.path.reduce<unknown>(
      (at, part) => (typeof at === "object" && at !== null ? Reflect.get(at, part) : undefined),
      value,
    );
    if (typeof parent !== "object" || parent === null) continue;
    for (const key of issue.keys) {
      Reflect.deleteProperty(parent, key);
      left.push([...issue.path, key].map((part) => `/${String(part)}`).join(""));
    }
  }
  return { value, left };
}
