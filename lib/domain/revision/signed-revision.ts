import type { Revision } from "#prisma/generated/client.ts";
import type { RevisionHeader, SignedRevision } from "../../contract/node-protocol.ts";
import { signJson } from "../../crypto/signing.ts";
import type { Context } from "../context.ts";
import { controlKeyInMemory } from "./control-key.ts";

/**
 * A stored revision as nodes take it now. One that was published in an earlier epoch is signed anew for the present one:
 * a restored control plane's newest revision may have a lower number than what its nodes run, and only a higher epoch goes
 * before a number.
 */
export async function signedRevision(ctx: Context, row: Revision, epoch: number): Promise<SignedRevision> {
  const { number, parent, sha256, document } = row;
  const header: RevisionHeader = { epoch, number, parent, sha256 };
  const signature = row.epoch === epoch ? row.signature : signJson(await controlKeyInMemory(ctx), header);
  return { encoding: "full", header, signature, document };
}
