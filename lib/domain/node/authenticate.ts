import { createHash, timingSafeEqual } from "node:crypto";
import { decodeJwt, importJWK, jwtVerify } from "jose";
import type { Node } from "#prisma/generated/client.ts";
import { NODE_API_AUDIENCE, PublicJwk } from "../../contract/node-protocol.ts";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { inTransaction } from "../transaction.ts";

const LIFETIME_SECONDS = 60;
const CLOCK_TOLERANCE_SECONDS = 600;

/** A request as the node signed it. */
export interface SignedRequest {
  authorization: string | null;
  method: string;
  /** Path and query, exactly as sent. */
  target: string;
  body: Buffer;
}

/**
 * Which node sent a request: its JWT is signed by the node's own key and bound to method, target and body. A node whose
 * clock is off by up to ten minutes may still report, so that its skew can be shown. Throws one 401 for everything.
 */
export async function authenticateNode(ctx: Context, request: SignedRequest): Promise<Node> {
  const refusal = new DomainError("unauthenticated", "This request is not signed by a node of this control plane.");
  const jwt = /^Bearer ([A-Za-z0-9_.-]{20,2000})$/.exec(request.authorization ?? "")?.[1];
  if (jwt === undefined) throw refusal;
  try {
    const { iss } = decodeJwt(jwt);
    const node =
      typeof iss === "string" ? await inTransaction(ctx, (tx) => tx.node.findUnique({ where: { id: iss } })) : null;
    if (!node || node.revokedAt) throw refusal;
    const key = await importJWK(PublicJwk.parse(node.signingKey), "EdDSA");
    const { payload } = await jwtVerify(jwt, key, {
      algorithms: ["EdDSA"],
      audience: NODE_API_AUDIENCE,
      issuer: node.id,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      maxTokenAge: LIFETIME_SECONDS,
      requiredClaims: ["exp", "iat", "jti"],
    });
    const bodyHash = createHash("sha256").update(request.body).digest("base64url");
    if (payload["htm"] !== request.method || payload["htu"] !== request.target || !isSame(payload["bsh"], bodyHash))
      throw refusal;
    return node;
  } catch {
    throw refusal;
  }
}

function isSame(claimed: unknown, actual: string): boolean {
  const [left, right] = [Buffer.from(String(claimed)), Buffer.from(actual)];
  return left.length === right.length && timingSafeEqual(left, right);
}
