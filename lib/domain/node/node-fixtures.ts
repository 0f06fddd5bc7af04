import { createHash, generateKeyPairSync, type KeyObject, randomUUID, sign } from "node:crypto";
import { SignJWT } from "jose";
import { canonicalJson } from "../../contract/canonical.ts";
import { type KeyAnnouncement, NODE_API_AUDIENCE, type NodeReport, PublicJwk } from "../../contract/node-protocol.ts";
import type { Context } from "../context.ts";
import { createJoinToken } from "../join-token/index.ts";
import type { SignedRequest } from "./authenticate.ts";
import { joinNode } from "./join.ts";
import { RELEASE } from "./release.ts";

/** For tests: a node as the control plane meets it, with keys of its own. */
export interface TestNode {
  nodeId: string;
  signingKey: KeyObject;
  sealingKey: KeyObject;
}

/** The public half of a key, as nodes send it. */
export function publicJwk(key: KeyObject): PublicJwk {
  const { kty, crv, x } = key.export({ format: "jwk" });
  return PublicJwk.parse({ kty, crv, x });
}

/** What a node joins with. */
export function joinRequest(
  joinToken: string,
  more: { name?: string; version?: string; protocolVersion?: number } = {},
) {
  const signingKey = generateKeyPairSync("ed25519").privateKey;
  const sealingKey = generateKeyPairSync("x25519").privateKey;
  const keys = { signingKey: publicJwk(signingKey), sealingKey: publicJwk(sealingKey) };
  const request = {
    protocolVersion: 1,
    joinToken: joinToken.split(".")[0] ?? "",
    name: "n",
    version: RELEASE,
    ...keys,
  };
  return { request: { ...request, ...more }, signingKey, sealingKey };
}

/** Joins a node with a token of its own. */
export async function joinedNode(ctx: Context, name = "node"): Promise<TestNode> {
  const { secret } = await createJoinToken(ctx, { name });
  const { request, signingKey, sealingKey } = joinRequest(secret, { name });
  return { nodeId: (await joinNode(ctx, request)).nodeId, signingKey, sealingKey };
}

/** A request as the node signs it; `claims` replaces what is honest. */
export async function signedRequest(
  node: Pick<TestNode, "nodeId" | "signingKey">,
  target: string,
  body: Buffer,
  claims: Record<string, unknown> & { atMs?: number } = {},
): Promise<SignedRequest> {
  const { atMs = Date.now(), ...more } = claims;
  const issuedAt = Math.floor(atMs / 1_000);
  const honest = {
    iss: node.nodeId,
    aud: NODE_API_AUDIENCE,
    iat: issuedAt,
    exp: issuedAt + 40,
    jti: randomUUID(),
    htm: "POST",
    htu: target,
    bsh: createHash("sha256").update(body).digest("base64url"),
  };
  const jwt = await new SignJWT({ ...honest, ...more }).setProtectedHeader({ alg: "EdDSA" }).sign(node.signingKey);
  return { authorization: `Bearer ${jwt}`, method: "POST", target, body };
}

/** A node's announcement of its next key, with the new key's own signature. */
export function announcementOf(nodeId: string, next: KeyObject): KeyAnnouncement {
  const signingKey = publicJwk(next);
  const text = canonicalJson({ use: "turnpike-node-key", nodeId, x: signingKey.x });
  return { signingKey, proof: sign(null, Buffer.from(text), next).toString("base64url") };
}

/** A report with nothing special in it. */
export function reportOf(more: Partial<NodeReport> = {}): NodeReport {
  const utilisation = { cpu: 0, rssBytes: 1, eventLoopDelayMs: 0, inFlight: 0, callsPerSecond: 0, spoolEvents: 0 };
  const counters = { epoch: 1, appliedRevision: 0, directoryCursor: 0, credentialVersion: 0 };
  const nodeTime = new Date().toISOString();
  return { version: RELEASE, state: "serving", rejected: null, nodeTime, utilisation, ...counters, ...more };
}
