import { createHash, timingSafeEqual } from "node:crypto";
import { compactVerify, decodeJwt, importJWK } from "jose";
import { z } from "zod";
import { type Node, Prisma } from "#prisma/generated/client.ts";
import { NODE_API_AUDIENCE, PublicJwk } from "../../contract/node-protocol.ts";
import type { Tx } from "../../db/client.ts";
import type { Context } from "../context.ts";
import { DomainError, type DomainErrorCode } from "../errors.ts";
import { inTransaction } from "../transaction.ts";

const LIFETIME_SECONDS = 60;
/** How far a node's clock, as it corrects it, may be off: it is told the time, signed, and comes again. */
const CLOCK_TOLERANCE_SECONDS = 60;
/** Requests that were under way when a node changed its key are still taken so long. */
export const KEY_OVERLAP_MS = 60_000;

/** A request as the node signed it. */
export interface SignedRequest {
  authorization: string | null;
  method: string;
  /** Path and query, exactly as sent. */
  target: string;
  body: Buffer;
}

/** A node that has proved who it is, and the id of the request it did so with. */
export type ProvedNode = Node & { jti: string };

/** A refusal of somebody who has proved to be this node: it may know why, and the answer can be signed for it. */
export class NodeRefused extends DomainError {
  readonly node: ProvedNode;

  constructor(node: ProvedNode, code: DomainErrorCode, detail: string) {
    super(code, detail);
    this.node = node;
  }
}

const Claims = z.object({
  iss: z.string().min(1).max(100),
  aud: z.literal(NODE_API_AUDIENCE),
  iat: z.int(),
  exp: z.int(),
  jti: z.string().min(8).max(100),
  htm: z.string(),
  htu: z.string(),
  bsh: z.string(),
});
export type Claims = z.infer<typeof Claims>;

/**
 * Which node sent a request: its JWT is signed by the node's own key, bound to method, target and body, and taken once.
 * Throws one 401 for whoever is not a node of this control plane, and `NodeRefused` for one that is: `node_removed`,
 * `clock_skew` (it learns the time from the signed answer), `request_replayed`.
 */
export async function authenticateNode(ctx: Context, request: SignedRequest): Promise<ProvedNode> {
  const refusal = new DomainError("unauthenticated", "This request is not signed by a node of this control plane.");
  const jwt = /^Bearer ([A-Za-z0-9_.-]{20,2000})$/.exec(request.authorization ?? "")?.[1];
  const claims = jwt === undefined ? null : readClaims(jwt);
  if (jwt === undefined || claims === null) throw refusal;
  return inTransaction(ctx, async (tx) => {
    const row = await tx.node.findUnique({ where: { id: claims.iss } });
    const key = row === null ? null : await keyThatSigned(row, jwt, ctx.now());
    if (row === null || key === null || !isBoundTo(request, claims)) throw refusal;
    const node = { ...row, jti: claims.jti };
    if (row.revokedAt) {
      throw new NodeRefused(node, "node_removed", "This node was removed. To come back it needs a new join token.");
    }
    requireTime(node, claims, ctx.now());
    await takeOnce(tx, node, claims);
    return key === "next" ? { ...(await promoteNextKey(tx, row, ctx.now())), jti: claims.jti } : node;
  });
}

/** What a request's JWT claims, unproved; null for what has another form. */
export function readClaims(jwt: string): Claims | null {
  try {
    return Claims.parse(decodeJwt(jwt));
  } catch {
    return null;
  }
}

/** Which of a node's keys signed: the one it has, one it has announced, or the one before while requests of it may be under way. */
async function keyThatSigned(node: Node, jwt: string, now: Date): Promise<"present" | "next" | "previous" | null> {
  const { previousKeyUntil, signingKey, nextSigningKey, previousSigningKey } = node;
  if (await isSignedWith(signingKey, jwt)) return "present";
  if (nextSigningKey !== null && (await isSignedWith(nextSigningKey, jwt))) return "next";
  const isOverlap = previousKeyUntil !== null && previousKeyUntil > now && previousSigningKey !== null;
  return isOverlap && (await isSignedWith(previousSigningKey, jwt)) ? "previous" : null;
}

async function isSignedWith(key: unknown, jwt: string): Promise<boolean> {
  const parsed = PublicJwk.safeParse(key);
  if (!parsed.success || parsed.data.crv !== "Ed25519") return false;
  try {
    await compactVerify(jwt, await importJWK(parsed.data, "EdDSA"), { algorithms: ["EdDSA"] });
    return true;
  } catch {
    return false;
  }
}

/** Whether the JWT was made for this very request. */
export function isBoundTo(request: SignedRequest, claims: Claims): boolean {
  const bodyHash = createHash("sha256").update(request.body).digest("base64url");
  return claims.htm === request.method && claims.htu === request.target && isSame(claims.bsh, bodyHash);
}

function isSame(claimed: string, actual: string): boolean {
  const [left, right] = [Buffer.from(claimed), Buffer.from(actual)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Whether a request was made now, give or take what clocks may differ by. */
export function isTimely({ iat, exp }: Claims, now: Date): boolean {
  const nowSeconds = now.getTime() / 1_000;
  return (
    exp - iat <= LIFETIME_SECONDS &&
    iat <= nowSeconds + CLOCK_TOLERANCE_SECONDS &&
    exp >= nowSeconds - CLOCK_TOLERANCE_SECONDS
  );
}

function requireTime(node: ProvedNode, claims: Claims, now: Date): void {
  if (isTimely(claims, now)) return;
  const detail = `The request is dated more than ${CLOCK_TOLERANCE_SECONDS} s away from the control plane's clock.`;
  throw new NodeRefused(node, "clock_skew", detail);
}

/** Until when a request's id is kept: as long as it could be sent again. */
export function rememberedUntil({ exp }: Claims): Date {
  return new Date((exp + CLOCK_TOLERANCE_SECONDS + LIFETIME_SECONDS) * 1_000);
}

/** Whichever replica a request comes to a second time, it has been taken. */
async function takeOnce(tx: Tx, node: ProvedNode, claims: Claims): Promise<void> {
  const { count } = await tx.nodeRequest.createMany({
    data: [{ nodeId: node.id, jti: claims.jti, expiresAt: rememberedUntil(claims) }],
    skipDuplicates: true,
  });
  if (count === 0) throw new NodeRefused(node, "request_replayed", "This request was taken already.");
}

/** The node has begun to use the key it announced: it is the one from now on. */
async function promoteNextKey(tx: Tx, node: Node, now: Date): Promise<Node> {
  return tx.node.update({
    where: { id: node.id },
    data: {
      signingKey: PublicJwk.parse(node.nextSigningKey),
      nextSigningKey: Prisma.DbNull,
      previousSigningKey: PublicJwk.parse(node.signingKey),
      previousKeyUntil: new Date(now.getTime() + KEY_OVERLAP_MS),
      keyChangedAt: now,
    },
  });
}
