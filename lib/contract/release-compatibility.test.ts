import { describe, expect, it } from "vitest";
import { releaseStanding } from "./release-compatibility.ts";

describe("releases of a node and a control plane", () => {
  it.each([
    ["0.1.0", "0.1.7", "same"],
    ["0.1.0-rc.1", "0.1.0", "same"],
    ["0.0.9", "0.1.0", "one_minor_older"],
    ["0.2.0", "0.1.0", "one_minor_newer"],
    ["0.3.0", "0.1.0", "not_supported"],
    ["1.1.0", "0.1.0", "not_supported"],
    ["0.1", "0.1.0", "not_supported"],
    ["", "0.1.0", "not_supported"],
    ["0.1.0\n", "0.1.0", "not_supported"],
  ])("%j at %j: %s", (node, control, standing) => {
    expect(releaseStanding(node, control)).toBe(standing);
  });
});
