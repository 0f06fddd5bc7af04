import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { canonicalJson, sha256Hex } from "#lib/contract/canonical.ts";
import type { PublicJwk, SignedRevision } from "#lib/contract/node-protocol.ts";
import { PolicyDocument } from "#lib/contract/policy-document.ts";
import { findPolicyProblems } from "#lib/contract/references.ts";
import { RevisionRejected } from "./revision-rejected.ts";

export function importVerifyKey(jwk: PublicJwk): KeyObject {
  return createPublicKey({ key: { ...jwk }, format: "jwk" });
}

function parseDocument(text: string): PolicyDocument {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RevisionRejected("not_json", "", "The document is not JSON.");
  }
  const parsed = PolicyDocument.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue?.path.map((part) => `/${String(part)}`).join("") ?? "";
  throw new RevisionRejected("invalid_document", path, issue?.message ?? "The document does not have the known form.");
}

/**
 * Checks a revision's signature and hash and parses its document strictly. The signature is over the canonical JSON of
 * the header, base64url. Throws `RevisionRejected` with the first thing wrong.
 */
export function verifyRevision(revision: SignedRevision, controlKey: KeyObject): PolicyDocument {
  const signed = Buffer.from(canonicalJson(revision.header));
  const signature = Buffer.from(revision.signature, "base64url");
  if (!verify(null, signed, controlKey, signature)) {
    throw new RevisionRejected("bad_signature", "", "The header is not signed by this node's control plane.");
  }
  if (sha256Hex(revision.document) !== revision.header.sha256) {
    throw new RevisionRejected("hash_mismatch", "", "The document does not have the hash that was signed.");
  }
  const document = parseDocument(revision.document);
  const [problem] = findPolicyProblems(document);
  if (problem !== undefined) {
    const where = `${problem.resource} "${problem.name}"`;
    throw new RevisionRejected(problem.code, problem.pointer, `${where}: ${problem.detail}`);
  }
  return document;
}
