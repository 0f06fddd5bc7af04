import { describe, expect, it } from "vitest";
import { NodeGroupInput, NodeGroupView } from "#lib/domain/node-group/schemas.ts";
import { GroupFormSchema, groupFormValues, newGroupValues } from "./group-form-values.ts";

const at = "2026-11-24T12:00:00.000Z";
const group = NodeGroupView.parse({
  id: "ngr_1",
  name: "edge",
  description: "",
  driver: { kind: "webhook", url: "https://scaler.example.com/", allowPrivateNetwork: false },
  scaling: { minimum: 1, maximum: 4, targets: { cpu: 0.55, inFlight: 20 }, scaleUpAt: 1.2 },
  nodes: { total: 1, serving: 1 },
  wantedNodes: null,
  load: null,
  observed: null,
  createdAt: at,
  updatedAt: at,
  etag: '"1"',
});

describe("the form of a group", () => {
  it("sends back what it was filled with, and no secret that was not typed", () => {
    const sent = GroupFormSchema.parse(groupFormValues(group));
    expect(sent).toMatchObject({ driver: group.driver, scaling: group.scaling });
    expect(sent.driver).not.toHaveProperty("secret");
  });

  it("sends a new group that the API takes", () => {
    const driver = { ...newGroupValues.driver, kind: "local" as const };
    const sent = GroupFormSchema.parse({ ...newGroupValues, name: "edge", driver, isScaled: true });
    expect(NodeGroupInput.parse(sent)).toMatchObject({ scaling: { minimum: 1, maximum: 3, targets: { cpu: 0.6 } } });
    expect(GroupFormSchema.parse({ ...newGroupValues, name: "edge" })).toMatchObject({ scaling: null });
  });

  it("says at the box what is missing", () => {
    const scaling = {
      ...newGroupValues.scaling,
      minimum: 5,
      targets: { ...newGroupValues.scaling.targets, cpu: null },
    };
    const driver = { ...newGroupValues.driver, kind: "local" as const };
    const { error } = GroupFormSchema.safeParse({ ...newGroupValues, name: "edge", driver, isScaled: true, scaling });
    expect(error?.issues.map(({ path }) => path.join("."))).toEqual(["scaling.maximum", "scaling.targets.cpu"]);
  });
});
