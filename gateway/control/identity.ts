import { generateKeyPairSync } from "node:crypto";
import { access, chmod, mkdir, open, readFile, rename, rm } from "node:fs/promises";
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
  /** When the signing key was made, ISO 8601; absent in what an earlier release wrote. */
  keyMadeAt: z.string().optional(),
  /** The key it is about to sign with: kept before it is announced, so that no crash leaves the node without one that is taken. */
  nextSigningKey: PrivateJwk("Ed25519").optional(),
  /** What its files are encrypted under beside its key, where that is not the node's id. */
  storageId: z.string().optional(),
  /** The token it joins with once it can: it was started from a bundle, and `nodeId` is only its own name for itself. */
  joinWith: z.string().optional(),
});
export type NodeIdentity = z.infer<typeof NodeIdentity>;

/** The identity of a running node: what is in force is what is on disk. */
export class KnownIdentity {
  private readonly directory: string;
  private identity: NodeIdentity;

  constructor(directory: string, identity: NodeIdentity) {
    this.directory = directory;
    this.identity = identity;
  }

  get current(): NodeIdentity {
    return this.identity;
  }

  /** Puts another one in force once it is on disk. Throws what the file system throws; the one before then stays. */
  async replace(next: NodeIdentity): Promise<void> {
    await saveIdentity(this.directory, next);
    this.identity = next;
  }
}

export const IDENTITY_FILE = "identity.json";
/** Left where a node was that its control plane removed. */
const REMOVED_FILE = "removed.json";

export function newNodeKeys(): NodeKeys {
  const sealing = generateKeyPairSync("x25519").privateKey.export({ format: "jwk" });
  return NodeKeys.parse({ signingKey: newSigningKey(), sealingKey: sealing });
}

export function newSigningKey(): NodeKeys["signingKey"] {
  return NodeKeys.shape.signingKey.parse(generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" }));
}

/** The public half of one of the node's keys. */
export function publicHalf(key: NodeKeys["signingKey"] | NodeKeys["sealingKey"]): PublicJwk {
  return { kty: key.kty, crv: key.crv, x: key.x };
}

/** Reads the identity, or null where this node has not joined yet. Throws when the file is there and not readable. */
export async function loadIdentity(directory: string): Promise<NodeIdentity | null> {
  let text: string;
  try {
    text = await readFile(join(directory, IDENTITY_FILE), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
  const parsed = NodeIdentity.safeParse(parseJson(text));
  if (!parsed.success)
    throw new Error(`${join(directory, IDENTITY_FILE)} is damaged: remove it and join with a new token`);
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * Takes a removed node's identity from the disk and leaves a mark, so that starting it again does not bring it back: with
 * a token for many nodes it would join anew by itself.
 */
export async function forgetIdentity(directory: string, { nodeId, name }: NodeIdentity): Promise<void> {
  await writeWhole(directory, REMOVED_FILE, { nodeId, name, removedAt: new Date().toISOString() });
  await rm(join(directory, IDENTITY_FILE), { force: true });
  await syncDirectory(directory);
}

/** Whether a node was here that its control plane removed. */
export async function wasRemoved(directory: string): Promise<boolean> {
  return await access(join(directory, REMOVED_FILE)).then(
    () => true,
    () => false,
  );
}

/** Keeps the identity, readable by the owner alone, whole or not at all. */
export async function saveIdentity(directory: string, identity: NodeIdentity): Promise<void> {
  await writeWhole(directory, IDENTITY_FILE, identity);
}

async function writeWhole(directory: string, name: string, value: unknown): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await chmod(directory, 0o700);
  const path = join(directory, name);
  const file = await open(`${path}.new`, "w", 0o600);
  try {
    await file.writeFile(`${JSON.stringify(value, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  await syncDirectory(directory);
}
