import { verify } from "node:crypto";
import { readFile } from "node:fs/promises";
import { v7 as uuidv7 } from "uuid";
import { monotonicMs } from "#gateway/control/clock.ts";
import { Freshness } from "#gateway/control/freshness.ts";
import { type NodeIdentity, newNodeKeys, saveIdentity } from "#gateway/control/identity.ts";
import { type BundleContent, type BundleHead, openBundle } from "#lib/contract/node-bundle.ts";
import { SnapshotHolder } from "./apply.ts";
import { CredentialStore } from "./credentials.ts";
import { DirectoryState } from "./directory.ts";
import { DirectoryFile } from "./directory-file.ts";
import { storageKeyOf } from "./storage-key.ts";
import { importVerifyKey } from "./verify-revision.ts";

/**
 * Makes a new node's directory from an exported bundle: keys made here, and the policy, directory and credentials that the
 * bundle holds, encrypted to this node. The node serves from it at once and joins when it can. The identity is written
 * last, so that a start which was cut short begins anew. Throws `BundleRefused`, and what the file system throws.
 */
export async function startFromBundle(options: {
  file: string;
  key: string;
  controlUrl: string;
  name: string;
  nodeDirectory: string;
  now: Date;
}): Promise<NodeIdentity> {
  const { nodeDirectory: directory, now } = options;
  const bytes = await readFile(options.file);
  const { head, content } = openBundle(bytes, options.key, now, (key, text, signature) =>
    verify(null, Buffer.from(text), importVerifyKey(key), Buffer.from(signature, "base64url")),
  );
  const identity: NodeIdentity = {
    ...newNodeKeys(),
    controlUrl: options.controlUrl,
    nodeId: `unjoined_${uuidv7().replaceAll("-", "")}`,
    name: options.name,
    group: head.group,
    controlKey: content.controlKey,
    keyMadeAt: now.toISOString(),
    joinWith: content.joinToken,
  };
  await writeState(directory, identity, head, content);
  await saveIdentity(directory, identity);
  return identity;
}

async function writeState(
  directory: string,
  identity: NodeIdentity,
  head: BundleHead,
  { controlKey, epoch, revision, directory: entries, credentials }: BundleContent,
): Promise<void> {
  const storageKey = storageKeyOf(identity);
  const { nodeId, sealingKey } = identity;
  const snapshots = new SnapshotHolder({
    controlKey: importVerifyKey(controlKey),
    storageKey,
    directory,
    onSwap: () => {},
  });
  if ((await snapshots.offer(revision)) !== "applied")
    throw new Error(`The bundle's revision is not taken: ${snapshots.rejection?.message ?? "no reason"}`);
  const store = new CredentialStore({ nodeId: () => nodeId, sealingKey, storageKey, directory });
  await store.adopt({ ...credentials, nodeId }, epoch);
  const state = new DirectoryState();
  for (const change of entries.changes) state.apply(change);
  state.epoch = epoch;
  state.cursor = entries.cursor;
  await new DirectoryFile(storageKey, directory).write(state);
  const freshness = new Freshness({
    storageKey,
    directory,
    monotonicMs,
    nowLocalMs: Date.now,
    onProblem: () => {},
  });
  await freshness.seed(Date.parse(head.createdAt));
}
