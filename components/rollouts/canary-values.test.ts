import { describe, expect, it } from "vitest";
import { Gate, RolloutInput } from "#lib/domain/rollout/schemas.ts";
import { firstRollout, gateWords, rolloutInput } from "./canary-values.ts";

describe("the publish dialog's canary", () => {
  it("becomes what the API takes, or says what is wrong", () => {
    expect(rolloutInput(firstRollout)).toEqual({ rollout: { strategy: "all" } });
    const canary = rolloutInput({ ...firstRollout, strategy: "canary", group: "edge", minutes: "1.5" });
    expect("rollout" in canary && RolloutInput.parse(canary.rollout)).toMatchObject({
      percent: 10,
      groups: ["edge"],
      gate: { durationSeconds: 90, minimumCalls: 100, errorRatio: 0.02, timeoutSeconds: 3_600 },
    });
    expect(rolloutInput({ ...firstRollout, strategy: "canary", percent: "100" })).toHaveProperty("problem");
    expect(rolloutInput({ ...firstRollout, strategy: "canary", percent: "100", group: "edge" })).toHaveProperty(
      "rollout",
    );
    for (const wrong of [{ percent: "" }, { minutes: "soon" }, { calls: "1.5" }, { errors: "101" }])
      expect(rolloutInput({ ...firstRollout, strategy: "canary", ...wrong })).toHaveProperty("problem");
  });

  it("is said in sentences", () => {
    expect(gateWords(Gate.parse({}))).toBe(
      "After 5 minutes and 100 calls on each side it goes to every node. It goes back by itself when, compared with the rest, over 2 % more of its calls fail, over 5 % more are refused or its p95 latency is more than 1.5 times as long, or when a node rejects it. Undecided after 1 hour, it goes back.",
    );
    const bare = Gate.parse({ errorRatio: null, rejectionRatio: null, p95LatencyRatio: null, onTimeout: "pause" });
    expect(gateWords(bare)).toContain(
      "It goes back by itself when a node rejects it. Undecided after 1 hour, it pauses.",
    );
  });
});
