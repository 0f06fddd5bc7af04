import { describe, expect, it } from "vitest";
import { factLabel, factValue, stageRule, stageTitle } from "./stage-words.ts";

const names = new Map([
  ["key_1a", "nightly job"],
  ["con_2b", "support-chat"],
]);
const stage = (name: string, rule: string) => ({ stage: name, verdict: "allow" as const, rule });

describe("what a decision says", () => {
  it("has names where the node says ids, and keeps an id that has none", () => {
    const rule = "key key_1a belongs to consumer con_2b";
    expect(stageRule(stage("identify", rule), names)).toBe("key nightly job belongs to consumer support-chat");
    expect(stageRule(stage("identify", "key key_9z expired"), names)).toBe("key key_9z expired");
    expect(factValue("con_2b", names)).toBe("support-chat");
    expect([factValue(12, names), factValue(null, names)]).toEqual(["12", "–"]);
  });

  it("has words for what the node calls by a word of its own", () => {
    expect(stageRule(stage("cache", "hit"), names)).toBe("Answered from the cache");
    expect(stageRule(stage("route", "round_robin"), names)).toBe("In turns");
    expect(stageTitle(stage("guard-text", "guard-1"))).toBe("What a guardrail found");
    expect(stageTitle(stage("something-new", "x"))).toBe("something-new");
    expect([factLabel("remainingTokens"), factLabel("requestBytes")]).toEqual(["tokens remaining", "request bytes"]);
  });
});
