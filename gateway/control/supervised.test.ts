import { describe, expect, it } from "vitest";
import type { ToSupervisor } from "#gateway/local-messages.ts";
import { Supervised } from "./supervised.ts";

const SUPERVISOR = { id: "0b0e6c9e-0000-4000-8000-000000000001", nodesMax: 3 };
const ANSWER = { serverTime: "2026-11-24T12:00:00.000Z", wantedRevision: 1 };

function start() {
  const sent: ToSupervisor[] = [];
  let hear: (message: unknown) => void = () => {};
  let due = 0;
  const channel = {
    send: (message: ToSupervisor) => void sent.push(message),
    onMessage: (listener: (message: unknown) => void) => {
      hear = listener;
    },
  };
  const supervised = new Supervised({ ...SUPERVISOR, channel }, () => {
    due += 1;
  });
  return { supervised, sent, hear: (message: unknown) => hear(message), due: () => due };
}

describe("a node under a supervisor", () => {
  it("says whose it is, and hands on how many nodes are wanted, if it is told", () => {
    const { supervised, sent } = start();
    expect(supervised.reported()).toEqual({ supervisor: SUPERVISOR });
    supervised.taken(ANSWER);
    supervised.taken({ ...ANSWER, wantedNodes: 3 });
    supervised.taken({ ...ANSWER, wantedNodes: null });
    expect(sent).toEqual([
      { kind: "wanted", nodes: 3 },
      { kind: "wanted", nodes: null },
    ]);
  });

  it("asks for a join token once it is told to, until a report that asked was answered", () => {
    const { supervised, sent, hear, due } = start();
    hear({ kind: "something else" });
    expect(due()).toBe(0);
    supervised.reported();
    hear({ kind: "askForJoinToken" });
    expect(due()).toBe(1);
    // The report that was under way had not asked.
    supervised.taken({ ...ANSWER, wantedNodes: 2 });
    expect(sent).toEqual([{ kind: "wanted", nodes: 2 }]);
    expect(supervised.reported()).toEqual({ supervisor: SUPERVISOR, asksForJoinToken: true });
    expect(supervised.reported()).toMatchObject({ asksForJoinToken: true });
    supervised.taken({ ...ANSWER, joinToken: "tpj_x.y" });
    expect(supervised.reported()).toEqual({ supervisor: SUPERVISOR });
    hear({ kind: "askForJoinToken" });
    supervised.reported();
    supervised.taken(ANSWER);
    expect(sent.slice(1)).toEqual([
      { kind: "joinToken", token: "tpj_x.y" },
      { kind: "joinToken", token: null },
    ]);
  });
});
