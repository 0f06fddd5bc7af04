import type { StreamMessage } from "../../contract/node-protocol.ts";
import type { FleetHub } from "./fleet-hub.ts";
import type { FleetState } from "./fleet-state.ts";

/** What a node says it has applied when it opens its stream. */
export interface NodePosition {
  epoch: number;
  revision: number;
  directory: number;
  credentials: number;
  /** Whether it can unpack. */
  isPacked: boolean;
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
  nodeId: string,
  start: NodePosition,
  hub: FleetHub,
  now: () => Date,
  signal: AbortSignal,
): AsyncGenerator<StreamMessage> {
  const at: Watch = { ...start, isReset: false, isDrainTold: false, isOver: false };
  const leave = hub.enter(nodeId);
  try {
    let state = await hub.read();
    yield hello(state, nodeId, at, now());
    // After a restore the node comes again, and starts anew.
    while (!signal.aborted && !hub.isClosed && state.epoch === at.epoch) {
      yield* missing(hub, state, nodeId, at);
      if (at.isOver) return;
      // In the midst of a long directory, what is urgent goes between two chunks.
      state = at.directory < state.directoryHead ? hub.latest(state) : await hub.after(state, signal);
    }
  } finally {
    leave();
  }
}

/** A control plane that was restored has another epoch: the node's position means nothing here, it starts anew. */
function hello(state: FleetState, nodeId: string, at: Watch, now: Date): StreamMessage {
  const { epoch, directoryHead } = state;
  if (at.epoch !== epoch || at.directory > directoryHead) {
    at.isReset = at.directory > 0;
    Object.assign(at, { epoch, revision: 0, directory: 0, credentials: 0 });
  }
  const wantedRevision = state.nodes.get(nodeId)?.offered ?? state.newestRevision;
  return { kind: "hello", epoch, serverTime: now.toISOString(), wantedRevision, directoryHead };
}

/** What the state has that the node has not; of a long directory the next chunk. */
async function* missing(hub: FleetHub, state: FleetState, nodeId: string, at: Watch): AsyncGenerator<StreamMessage> {
  const node = state.nodes.get(nodeId);
  if (!node) {
    at.isOver = true;
    yield { kind: "command", command: "remove" };
    return;
  }
  // Credentials and policy first: a consumer must not arrive before the plan it names.
  if (state.credentialVersion !== at.credentials) {
    at.credentials = state.credentialVersion;
    yield await hub.messages.credentials(node, state.credentialVersion);
  }
  if (node.offered !== at.revision && node.offered > 0) {
    const held = at.revision;
    at.revision = node.offered;
    if (!node.rejectedRevisions.includes(node.offered)) {
      yield await hub.messages.revision(state.epoch, node.offered, held, at.isPacked);
    }
  }
  if (state.directoryHead > at.directory || at.isReset) {
    const message = await hub.messages.directory(state.epoch, state.directoryHead, at);
    at.isReset = false;
    at.directory = message.cursor;
    yield message;
  }
  if (node.isDraining !== at.isDrainTold) {
    at.isDrainTold = node.isDraining;
    yield { kind: "command", command: node.isDraining ? "drain" : "resume" };
  }
}
