import { describe, expect, it } from "vitest";
import type { NodeView } from "#lib/domain/node/schemas.ts";
import { nodeRollout, rolloutOf } from "./rollout-state.ts";

const node = (changed: Partial<NodeView>): NodeView => ({
  id: "nod_1",
  name: "edge-1",
  group: "default",
  state: "serving",
  stoppedAt: null,
  isDraining: false,
  isQuarantined: false,
  warnings: [],
  freshAt: null,
  keyChangedAt: null,
  version: "1.0.0",
  appliedRevision: 7,
  wantedRevision: 8,
  rejected: null,
  directoryCursor: 0,
  directoryHead: 0,
  credentialVersion: 0,
  utilisation: null,
  health: [],
  limits: null,
  clockSkewMs: null,
  joinedAt: "2026-11-24T10:00:00.000Z",
  lastSeenAt: "2026-11-24T12:00:00.000Z",
  etag: '"1"',
  ...changed,
});
const rejected = { revision: 8, code: "not_runnable", path: "/routes/0", message: "No." };

describe("nodeRollout", () => {
  it("waits for a node that reports", () => expect(nodeRollout(node({}))).toBe("applying"));
  it("does not wait for one that is away", () => expect(nodeRollout(node({ state: "offline" }))).toBe("offline"));
  it("counts a refusal only of the wanted revision", () => {
    expect(nodeRollout(node({ rejected }))).toBe("rejected");
    expect(nodeRollout(node({ rejected: { ...rejected, revision: 6 } }))).toBe("applying");
    expect(nodeRollout(node({ rejected, appliedRevision: 8 }))).toBe("applied");
  });
});

describe("rolloutOf", () => {
  it("is over when nobody who reports is behind", () => {
    const nodes = [node({ appliedRevision: 8 }), node({ rejected }), node({ state: "offline" })];
    expect(rolloutOf(nodes)).toMatchObject({
      wanted: 8,
      counts: { applied: 1, applying: 0, rejected: 1, offline: 1 },
      isUnderWay: false,
    });
    expect(rolloutOf([...nodes, node({})]).isUnderWay).toBe(true);
    expect(rolloutOf([])).toMatchObject({ wanted: 0, isUnderWay: false });
  });

  it("tells a canary from the rest", () => {
    const taking = node({ appliedRevision: 8 });
    const staying = node({ wantedRevision: 7 });
    expect(rolloutOf([taking, staying, staying])).toMatchObject({ wanted: 8, canary: { nodes: 1, others: 7 } });
    expect(rolloutOf([taking]).canary).toBeNull();
  });
});
