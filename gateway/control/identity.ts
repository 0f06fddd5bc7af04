import { generateKeyPairSync } from "node:crypto";
import { chmod, mkdir, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { syncDirectory } from "#gateway/snapshot/store-on-disk.ts";
import { PublicJwk } from "#lib/contract/node-protocol.ts";

const PrivateJwk = <Curve extends "Ed25519" | "X25519">(crv: Curve) =>
  z.object({ kty: z.literal("OKP"), crv: z.literal(crv), x: z.string().min(1), d: z.string().min(1) });

/** The node's own keys: made on the node, and never leaving it. */
export const NodeKeys = z.object({ signingKey: PrivateJwk("Ed25519"), sealingKey: PrivateJwk("X25519") });
export type NodeKeys = z.infer<typeof NodeKeys>;

/** Who this node is: what joining gave it, and its own keys. */
export const NodeIdentity = NodeKeys.extend({
  controlUrl: z.url(),
  nodeId: z.string().min(1),
  name: z.string(),
  group: z.string(),
  controlKey: PublicJwk,
});
export type NodeIdentity = z.infer<typeof NodeIdentity>;

const FILE = "identity.json";

export function newNodeKeys(): NodeKeys {
  const signing = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
  const sealing = generateKeyPairSync("x25519").privateKey.export({ format: "jwk" });
  return NodeKeys.parse({ signingKey: signing, sealingKey: sealing });
}

/** The public half of one of the node's keys. */
export function publicHalf(key: NodeKeys["signingKey"] | NodeKeys["sealingKey"]): PublicJwk {
  return { kty: key.kty, crv: key.crv, x: key.x };
}

/** Reads the identity, or null where this node has not joined yet. Throws when the file is there and not readable. */
export async function loadIdentity(directory: string): Promise<NodeIdentity | null> {
  let text: string;
  try {
    text = await readFile(join(directory, FILE), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
  const parsed = NodeIdentity.safeParse(parseJson(text));
  if (!parsed.success) throw new Error(`${join(directory, FILE)} is damaged: remove it and join with a new token`);
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Keeps the identity, readable by the owner alone, whole or not at all. */
export async function saveIdentity(directory: string, identity: NodeIdentity): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await chmod(directory, 0o700);
  const path = join(directory, FILE);
  const file = await open(`${path}.new`, "w", 0o600);
  try {
    await file.writeFile(`${JSON.stringify(identity, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  await syncDirectory(directory);
}
