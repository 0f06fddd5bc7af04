import { z } from "zod";
import { setTimeouts, TimeoutBoxes, timeoutBoxes } from "#components/routes/timeout-values.ts";
import { HashBy, StrategyKind } from "#lib/contract/policy-document.ts";
import { OnNotCarried, RouteCreate, TargetInput, type VersionView } from "#lib/domain/route/schemas.ts";

const Target = z.object({
  upstreamId: z.string().min(1, "Choose an upstream."),
  model: TargetInput.shape.model,
  weight: z.int("Enter a whole number.").min(0, "At least 0.").max(1_000_000, "At most 1,000,000."),
  /** Offered where the strategy goes by it, and kept as it is elsewhere. */
  priority: z.int("Enter a whole number.").min(0, "At least 0.").max(1_000, "At most 1,000."),
});

/** What every form about a version holds: a new route, a further version, a version that exists. */
export const VersionFormSchema = z.object({
  name: RouteCreate.shape.name,
  description: z.string().max(2_000, "At most 2,000 characters."),
  version: RouteCreate.shape.version.unwrap(),
  strategy: StrategyKind,
  hashBy: HashBy,
  targets: z
    .array(Target)
    .min(1, "Add a target: without one, no call can be served.")
    .max(50, "At most 50 targets.")
    .refine((targets) => targets.some((target) => target.weight > 0), "At least one target must be in service."),
  retry: z.object({ attempts: z.int("Enter a whole number.").min(1, "At least 1.").max(10, "At most 10.") }),
  timeouts: TimeoutBoxes,
  onNotCarried: OnNotCarried,
});
export type VersionFormInput = z.input<typeof VersionFormSchema>;
export type VersionFormOutput = z.output<typeof VersionFormSchema>;

/** A target that is still to be filled in. */
export function newTarget(weight: number): VersionFormInput["targets"][number] {
  return { upstreamId: "", model: "", weight, priority: 0 };
}

/** A new route starts with one target and a second attempt. */
export const newRouteValues: VersionFormInput = {
  name: "",
  description: "",
  version: "1.0.0",
  strategy: "round_robin",
  hashBy: "user",
  targets: [newTarget(1)],
  retry: { attempts: 2 },
  timeouts: timeoutBoxes({}),
  onNotCarried: "refuse",
};

/** The form's values of a version as it is; `version` differs for a copy of it. */
export function versionFormValues(routeName: string, from: VersionView, version = from.version): VersionFormInput {
  return {
    name: routeName,
    description: "",
    version,
    strategy: from.strategy,
    hashBy: from.hashBy,
    targets: from.targets.map(({ upstreamId, model, weight, priority }) => ({ upstreamId, model, weight, priority })),
    retry: { attempts: from.retry.attempts },
    timeouts: timeoutBoxes(from.timeouts),
    onNotCarried: from.onNotCarried,
  };
}

/** How the version is served, as a POST takes it. */
export function servingBody({ strategy, hashBy, targets, retry, timeouts, onNotCarried }: VersionFormOutput) {
  return { strategy, hashBy, targets, retry, timeouts: setTimeouts(timeouts), onNotCarried };
}

/** The same as a merge patch, in which an empty timeout removes the one that was set. */
export function servingPatch({ strategy, hashBy, targets, retry, timeouts, onNotCarried }: VersionFormOutput) {
  return { strategy, hashBy, targets, retry, timeouts, onNotCarried };
}

/** The next number for a copy of the newest version: its middle part counted up. */
export function nextVersion(newest: string): string {
  const [major = 0, minor = 0] = newest.split(".").map(Number);
  return `${major}.${minor + 1}.0`;
}
