import type { NodeIdentity } from "#gateway/control/identity.ts";
import { deriveStorageKey } from "./sealed-bytes.ts";

/** The key under which a node's files are encrypted to itself. Stays the same when a node gets its id later. */
export function storageKeyOf({ sealingKey, storageId, nodeId }: NodeIdentity): Buffer {
  return deriveStorageKey(sealingKey.d, storageId ?? nodeId);
}
