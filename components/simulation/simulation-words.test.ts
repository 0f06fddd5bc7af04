import { describe, expect, it } from "vitest";
import { simulationSentences } from "#components/simulation/simulation-words.ts";
import type { SimulationView } from "#lib/domain/simulation/schemas.ts";

const none = { count: 0, byReason: {} };
const result = (parts: Partial<SimulationView> = {}): SimulationView => ({
  from: "2026-11-24T10:00:00.000Z",
  to: "2026-11-24T11:00:00.000Z",
  replayedFrom: "2026-11-24T10:00:00.000Z",
  isCut: false,
  callsMax: 100_000,
  calls: 1_200,
  withoutConsumer: 0,
  base: 7,
  draftEtag: '"7-0"',
  denied: { ...none, before: none, newly: { ...none, byConsumer: [], consumers: 0 } },
  admitted: none,
  rerouted: { count: 0, flows: [] },
  targets: [],
  versions: [],
  limits: [],
  cost: { before: "4.00", after: "4.00", recorded: "4.00", unpriced: 0, admittedEstimate: "0.00" },
  examples: [],
  notSimulated: [],
  ...parts,
});
const textsOf = (parts: Partial<SimulationView>) => simulationSentences(result(parts)).map(({ text }) => text);

describe("simulationSentences", () => {
  it("says that nothing changes where nothing does", () => {
    expect(textsOf({})).toEqual(["The draft changes nothing for the 1,200 calls of this time."]);
  });

  it("says who is refused, which version is lost, where calls go and what they cost, most urgent first", () => {
    const newly = { count: 30, byReason: { rate_limit_exceeded: 30 }, byConsumer: [], consumers: 2 };
    const lost = { route: "smart", version: "1.0.0", calls: 1, consumers: [], consumerCount: 1, to: null, at: null };
    expect(
      textsOf({
        denied: { count: 30, byReason: { rate_limit_exceeded: 30 }, before: none, newly },
        versions: [{ ...lost, becomes: "retired" }],
        rerouted: { count: 500, flows: [] },
        cost: { before: "4.00", after: "1.00", recorded: "4.00", unpriced: 2, admittedEstimate: "0.50" },
      }),
    ).toEqual([
      "30 calls of 2 consumers would be refused that are served now: 30 × rate_limit_exceeded.",
      "smart@1.0.0 would answer 410 to 1 call of one consumer.",
      "500 calls would be answered by another upstream or model.",
      "They would cost $1.00 instead of $4.00, 75 % less. 2 calls have no known price. Calls that are refused now would add about $0.50.",
    ]);
  });
});
