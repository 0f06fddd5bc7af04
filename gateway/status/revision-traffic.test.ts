import { describe, expect, it } from "vitest";
import { durationBin } from "#lib/contract/latency-scale.ts";
import { NodeTraffic, REPORTED_REVISIONS_MAX } from "#lib/contract/node-protocol.ts";
import { RevisionTrafficMeter } from "./revision-traffic.ts";

describe("RevisionTrafficMeter", () => {
  it("counts by revision what calls came to, and the durations of those that went well", () => {
    const meter = new RevisionTrafficMeter("life");
    expect(meter.reported()).toEqual({});
    meter.counted(7, "ok", 12);
    meter.counted(7, "ok", 12);
    meter.counted(7, "error", 5_000);
    meter.counted(8, "denied", 1);
    meter.counted(8, "cancelled", 1);
    const { traffic } = meter.reported();
    expect(NodeTraffic.parse(traffic)).toEqual({
      process: "life",
      revisions: [
        { revision: 7, ok: 2, failed: 1, refused: 0, durations: [[durationBin(12), 2]] },
        { revision: 8, ok: 0, failed: 0, refused: 1, durations: [] },
      ],
    });
  });

  it("keeps the newest revisions, however many there were", () => {
    const meter = new RevisionTrafficMeter("life");
    for (let revision = 1; revision <= 100; revision++) meter.counted(revision, "ok", 1);
    const revisions = meter.reported().traffic?.revisions.map(({ revision }) => revision);
    expect(revisions).toEqual([97, 98, 99, 100]);
    expect(revisions).toHaveLength(REPORTED_REVISIONS_MAX);
  });
});
