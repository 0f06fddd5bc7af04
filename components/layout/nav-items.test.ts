import { describe, expect, it } from "vitest";
import { isCurrent, navGroups, visibleGroups } from "./nav-items.ts";

const all = navGroups.flatMap((group) => group.items);

describe("navigation", () => {
  it("has no shortcut or address twice", () => {
    expect(new Set(all.map((entry) => entry.shortcut)).size).toBe(all.length);
    expect(new Set(all.map((entry) => entry.href)).size).toBe(all.length);
  });

  it("shows what permissions allow and drops empty groups", () => {
    const labels = (permissions: string[]) =>
      visibleGroups(permissions).flatMap((group) => group.items.map((entry) => entry.label));
    expect(labels([])).toEqual(["API reference"]);
    expect(labels(["audit.read"])).toEqual(["Audit", "API reference"]);
    expect(visibleGroups(["audit.read"]).map((group) => group.label)).toEqual(["Insight", "Settings"]);
    expect(labels(all.flatMap((entry) => entry.anyPermission))).toHaveLength(all.length);
  });

  it("marks a page and what lies under it, not its neighbour by prefix", () => {
    expect(isCurrent("/routes/smart", "/routes")).toBe(true);
    expect(isCurrent("/routes", "/routes")).toBe(true);
    expect(isCurrent("/routes-old", "/routes")).toBe(false);
  });
});
