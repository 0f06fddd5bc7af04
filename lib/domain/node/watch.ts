import { DirectoryChange } from "../../contract/directory.ts";
import type { SignedRevision, StreamMessage } from "../../contract/node-protocol.ts";
import type { ChangeFeed } from "../../db/change-feed.ts";
import type { Tx } from "../../db/client.ts";
import type { Context } from "../context.ts";
import { inTransaction } from "../transaction.ts";
import { sealCredentials } from "./seal-credentials.ts";
import { wantedNow } from "./view.ts";

const DIRECTORY_CHUNK = 2_000;
/** Re-read the state this often even when no notification came. */
const SAFETY_NET_MS = 10_000;

/** What a node says it has applied when it opens its stream. */
export interface NodePosition {
  epoch: number;
  revision: number;
  directory: number;
  credentials: number;
}

interface Watch extends NodePosition {
  isReset: boolean;
  isDrainTold: boolean;
  isOver: boolean;
}

/**
 * Everything a node is missing, and then every change as it commits, until the signal aborts or the node is removed.
 * A number the node has rejected is not offered to it again; the next one is.
 */
export async function* watchNode(
  ctx: Context,
  nodeId: string,
  start: NodePosition,
  feed: ChangeFeed,
  signal: AbortSignal,
): AsyncGenerator<StreamMessage> {
  const at: Watch = { ...start, isReset: false, isDrainTold: false, isOver: false };
  yield await inTransaction(ctx, (tx) => hello(tx, at, ctx.now()));
  while (!signal.aborted && !at.isOver) {
    const seen = feed.version;
    const messages = await inTransaction(ctx, (tx) => missing(tx, nodeId, at));
    yield* messages;
    if (messages.length === 0) await feed.changeAfter(seen, SAFETY_NET_MS, signal);
  }
}

/** A control plane that was restored has another epoch: the node's position means nothing here, it starts anew. */
async function hello(tx: Tx, at: Watch, now: Date): Promise<StreamMessage> {
  const { epoch } = await tx.installation.findUniqueOrThrow({ where: { id: 1 } });
  const wanted = await wantedNow(tx);
  if (at.epoch !== epoch || at.directory > wanted.directoryHead) {
    at.isReset = at.directory > 0;
    Object.assign(at, { epoch, revision: 0, directory: 0, credentials: 0 });
  }
  return {
    kind: "hello",
    epoch,
    serverTime: now.toISOString(),
    wantedRevision: wanted.revision,
    directoryHead: wanted.directoryHead,
  };
}

async function missing(tx: Tx, nodeId: string, at: Watch): Promise<StreamMessage[]> {
  const node = await tx.node.findUnique({ where: { id: nodeId } });
  if (!node || node.revokedAt) {
    at.isOver = true;
    return [{ kind: "command", command: "remove" }];
  }
  const messages: StreamMessage[] = [];
  const wanted = await wantedNow(tx);
  // Credentials and policy first: a consumer must not arrive before the plan it names.
  const credential = await tx.sequence.findUniqueOrThrow({ where: { name: "credential" } });
  const credentialVersion = Number(credential.value);
  if (credentialVersion !== at.credentials) {
    messages.push({
      kind: "credentials",
      version: credentialVersion,
      sealed: await sealCredentials(tx, node, credentialVersion),
    });
    at.credentials = credentialVersion;
  }
  if (wanted.revision !== at.revision && wanted.revision > 0) {
    if (!node.rejectedRevisions.includes(wanted.revision))
      messages.push({ kind: "revision", revision: await signedRevision(tx, wanted.revision) });
    at.revision = wanted.revision;
  }
  if (wanted.directoryHead !== at.directory || at.isReset)
    messages.push(await directoryChunk(tx, at, wanted.directoryHead));
  if (node.isDraining !== at.isDrainTold) {
    messages.push({ kind: "command", command: node.isDraining ? "drain" : "resume" });
    at.isDrainTold = node.isDraining;
  }
  return messages;
}

async function signedRevision(tx: Tx, number: number): Promise<SignedRevision> {
  const { epoch, parent, sha256, signature, document } = await tx.revision.findUniqueOrThrow({ where: { number } });
  return { encoding: "full", header: { epoch, number, parent, sha256 }, signature, document };
}

async function directoryChunk(tx: Tx, at: Watch, head: number): Promise<StreamMessage> {
  const rows = await tx.directoryEntry.findMany({
    where: { sequence: { gt: at.directory } },
    orderBy: { sequence: "asc" },
    take: DIRECTORY_CHUNK,
  });
  const changes = rows.map(({ kind, id, sequence, body }) =>
    DirectoryChange.parse({ kind, id, sequence: Number(sequence), body }),
  );
  const last = changes.at(-1);
  const cursor = rows.length === DIRECTORY_CHUNK && last ? last.sequence : head;
  const message = { kind: "directory" as const, reset: at.isReset, changes, cursor, head };
  at.isReset = false;
  at.directory = cursor;
  return message;
}
