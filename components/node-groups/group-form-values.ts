import { z } from "zod";
import { NodeGroupName, type NodeGroupView } from "#lib/domain/node-group/schemas.ts";
import { NODES_MAX } from "#lib/domain/scaling/schemas.ts";

const Amount = z.number().min(0).nullable();
const Nodes = z.int("Enter how many nodes.").min(1, "At least 1.").max(NODES_MAX);
const Percent = z.number("Enter a share in percent.");
const Seconds = z.int("Enter whole seconds.").min(0);

/** What the form of a group holds: shares in percent. Its names are those of the request, so that refusals find their box. */
const Boxes = z.object({
  name: NodeGroupName,
  description: z.string().max(500, "At most 500 characters."),
  driver: z.object({
    kind: z.enum(["none", "local", "kubernetes", "webhook"]),
    namespace: z.string(),
    deployment: z.string(),
    url: z.string(),
    secret: z.string(),
    allowPrivateNetwork: z.boolean(),
  }),
  isScaled: z.boolean(),
  scaling: z.object({
    minimum: Nodes.nullable(),
    maximum: Nodes.nullable(),
    targets: z.object({ cpu: Amount, inFlight: Amount, callsPerSecond: Amount, eventLoopDelayMs: Amount }),
    scaleUpAt: Percent.nullable(),
    scaleDownAt: Percent.nullable(),
    cooldownUpSeconds: Seconds.nullable(),
    cooldownDownSeconds: Seconds.nullable(),
  }),
});
type BoxValues = z.output<typeof Boxes>;

/** What the form sends. */
export const GroupFormSchema = Boxes.superRefine((values, issues) => {
  if (values.driver.kind === "none" || !values.isScaled) return;
  const { minimum, maximum, targets } = values.scaling;
  const problem = (path: string[], message: string) => issues.addIssue({ code: "custom", path, message });
  if (minimum === null) problem(["scaling", "minimum"], "Enter how many nodes there are at least.");
  if (maximum === null) problem(["scaling", "maximum"], "Enter how many nodes there are at most.");
  if (minimum !== null && maximum !== null && minimum > maximum)
    problem(["scaling", "maximum"], "Not less than the minimum.");
  if (targets.cpu === null && targets.inFlight === null && targets.callsPerSecond === null)
    problem(["scaling", "targets", "cpu"], "Set at least one of CPU, calls in flight and calls a second.");
}).transform((values) => ({
  name: values.name,
  description: values.description,
  driver: driverOf(values.driver),
  scaling: values.driver.kind === "none" || !values.isScaled ? null : scalingOf(values.scaling),
}));

export type GroupFormInput = z.input<typeof GroupFormSchema>;
export type GroupFormOutput = z.output<typeof GroupFormSchema>;

function driverOf({ kind, namespace, deployment, url, secret, allowPrivateNetwork }: BoxValues["driver"]) {
  switch (kind) {
    case "none":
    case "local":
      return { kind };
    case "kubernetes":
      return { kind, namespace, deployment };
    case "webhook":
      return { kind, url, allowPrivateNetwork, ...(secret === "" ? {} : { secret }) };
  }
}

function scalingOf({ targets, scaleUpAt, scaleDownAt, ...rest }: BoxValues["scaling"]) {
  return {
    ...rest,
    targets: { ...targets, cpu: targets.cpu === null ? null : targets.cpu / 100 },
    scaleUpAt: scaleUpAt === null ? null : scaleUpAt / 100,
    scaleDownAt: scaleDownAt === null ? null : scaleDownAt / 100,
  };
}

const noTargets = { cpu: null, inFlight: null, callsPerSecond: null, eventLoopDelayMs: null };
const newScaling: GroupFormInput["scaling"] = {
  minimum: 1,
  maximum: 3,
  targets: { ...noTargets, cpu: 60 },
  scaleUpAt: 110,
  scaleDownAt: 80,
  cooldownUpSeconds: 30,
  cooldownDownSeconds: 300,
};

/** A new group is scaled by nobody until somebody says so. */
export const newGroupValues: GroupFormInput = {
  name: "",
  description: "",
  driver: { kind: "none", namespace: "", deployment: "", url: "", secret: "", allowPrivateNetwork: false },
  isScaled: false,
  scaling: newScaling,
};

/** The form's values of a group as it is. */
export function groupFormValues({ name, description, driver, scaling }: NodeGroupView): GroupFormInput {
  return {
    name,
    description,
    driver: { ...newGroupValues.driver, ...driver },
    isScaled: scaling !== null,
    scaling:
      scaling === null
        ? newScaling
        : {
            ...scaling,
            targets: { ...scaling.targets, cpu: scaling.targets.cpu === null ? null : percent(scaling.targets.cpu) },
            scaleUpAt: percent(scaling.scaleUpAt),
            scaleDownAt: percent(scaling.scaleDownAt),
          },
  };
}

function percent(share: number): number {
  return Math.round(share * 1_000) / 10;
}
