import { z } from "zod";
import { RateLimitBoxes } from "#components/plans/rate-limit-values.ts";
import { CacheBoxes, cacheBoxes, cacheRule } from "#components/routes/cache-values.ts";
import { GuardrailBoxes, guardrailBoxes, guardrailsOf } from "#components/routes/guardrail-values.ts";
import { HttpBoxes, httpBoxes, httpPatch, httpProblems, httpRule } from "#components/routes/http-values.ts";
import { setTimeouts, TimeoutBoxes, timeoutBoxes } from "#components/routes/timeout-values.ts";
import { HashBy, RetryReason, RouteKind, StrategyKind } from "#lib/contract/policy-document.ts";
import { OnNotCarried, RouteCreate, TargetInput, type VersionView } from "#lib/domain/route/schemas.ts";

const Target = z.object({
  upstreamId: z.string().min(1, "Choose an upstream."),
  model: TargetInput.shape.model.unwrap(),
  weight: z.int("Enter a whole number.").min(0, "At least 0.").max(1_000_000, "At most 1,000,000."),
  /** Offered where the strategy goes by it, and kept as it is elsewhere. */
  priority: z.int("Enter a whole number.").min(0, "At least 0.").max(1_000, "At most 1,000."),
});

/** The boxes of a new route, a further version, a version that exists. */
const VersionBoxes = z.object({
  /** Of the route; chosen once. */
  kind: RouteKind,
  name: RouteCreate.shape.name,
  description: z.string().max(2_000, "At most 2,000 characters."),
  version: RouteCreate.shape.version.unwrap(),
  /** Of the route; edited apart once it exists. */
  rateLimits: RateLimitBoxes,
  strategy: StrategyKind,
  hashBy: HashBy,
  targets: z
    .array(Target)
    .min(1, "Add a target: without one, no call can be served.")
    .max(50, "At most 50 targets.")
    .refine((targets) => targets.some((target) => target.weight > 0), "At least one target must be in service."),
  retry: z.object({
    attempts: z.int("Enter a whole number.").min(1, "At least 1.").max(10, "At most 10."),
    on: z.array(RetryReason).min(1, "Choose at least one, or one attempt."),
  }),
  timeouts: TimeoutBoxes,
  onNotCarried: OnNotCarried,
  cache: CacheBoxes,
  http: HttpBoxes,
  guardrails: GuardrailBoxes,
});

/** What every form about a version holds, with what depends on the route's kind. */
export const VersionFormSchema = VersionBoxes.superRefine((values, context) => {
  const refuse = (path: PropertyKey[], message: string) => context.addIssue({ code: "custom", path, message });
  if (values.kind === "http") {
    if (values.name.includes("/")) refuse(["name"], "The name of a REST API must not contain a slash.");
    for (const { box, message } of httpProblems(values.http)) refuse(["http", box], message);
    return;
  }
  for (const [index, { model }] of values.targets.entries()) {
    if (model === "") refuse(["targets", index, "model"], "Enter the upstream's name for the model.");
  }
});
export type VersionFormInput = z.input<typeof VersionFormSchema>;
export type VersionFormOutput = z.output<typeof VersionFormSchema>;

/** A target that is still to be filled in. */
export function newTarget(weight: number): VersionFormInput["targets"][number] {
  return { upstreamId: "", model: "", weight, priority: 0 };
}

/** A new route starts with one target and a second attempt. */
export const newRouteValues: VersionFormInput = {
  kind: "model",
  name: "",
  description: "",
  version: "1.0.0",
  rateLimits: [],
  strategy: "round_robin",
  hashBy: "user",
  targets: [newTarget(1)],
  retry: { attempts: 2, on: [...RetryReason.options] },
  timeouts: timeoutBoxes({}),
  onNotCarried: "refuse",
  cache: cacheBoxes(null),
  http: httpBoxes(null),
  guardrails: [],
};

/** The form's values of a version as it is; `version` differs for a copy of it. */
export function versionFormValues(routeName: string, from: VersionView, version = from.version): VersionFormInput {
  return {
    kind: from.http === null ? "model" : "http",
    name: routeName,
    description: "",
    version,
    rateLimits: [],
    strategy: from.strategy,
    hashBy: from.hashBy,
    targets: from.targets.map(({ upstreamId, model, weight, priority }) => ({ upstreamId, model, weight, priority })),
    retry: { attempts: from.retry.attempts, on: from.retry.on ?? [...RetryReason.options] },
    timeouts: timeoutBoxes(from.timeouts),
    onNotCarried: from.onNotCarried,
    cache: cacheBoxes(from.cache),
    http: httpBoxes(from.http),
    guardrails: guardrailBoxes(from.guardrails),
  };
}

/** Every reason is chosen: nothing need be said, and what a later release adds is tried again too. */
function isEvery(on: readonly RetryReason[]): boolean {
  return RetryReason.options.every((reason) => on.includes(reason));
}

/** How the version is served, as a POST takes it. */
export function servingBody({
  strategy,
  hashBy,
  targets,
  retry,
  timeouts,
  onNotCarried,
  cache,
  http,
  kind,
  guardrails,
}: VersionFormOutput) {
  const guarded = { guardrails: kind === "http" ? [] : guardrailsOf(guardrails) };
  const rules = { cache: cacheRule(cache), ...guarded, ...(kind === "http" ? { http: httpRule(http) } : {}) };
  const { attempts, on } = retry;
  const rule = isEvery(on) ? { attempts } : { attempts, on };
  return { strategy, hashBy, targets, retry: rule, timeouts: setTimeouts(timeouts), onNotCarried, ...rules };
}

/** The same as a merge patch, of what the version was, in which an empty timeout removes the one that was set. */
export function servingPatch(
  { strategy, hashBy, targets, retry, timeouts, onNotCarried, cache, http, kind, guardrails }: VersionFormOutput,
  from: Pick<VersionView, "http">,
) {
  const guarded = { guardrails: kind === "http" ? [] : guardrailsOf(guardrails) };
  const rules = {
    cache: cacheRule(cache),
    ...guarded,
    ...(kind === "http" ? { http: httpPatch(from.http, httpRule(http)) } : {}),
  };
  const { attempts, on } = retry;
  const rule = { attempts, on: isEvery(on) ? null : on };
  return { strategy, hashBy, targets, retry: rule, timeouts, onNotCarried, ...rules };
}

/** The next number for a copy of the newest version: its middle part counted up. */
export function nextVersion(newest: string): string {
  const [major = 0, minor = 0] = newest.split(".").map(Number);
  return `${major}.${minor + 1}.0`;
}
