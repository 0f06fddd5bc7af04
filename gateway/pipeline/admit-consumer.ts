import type { CompiledPlan } from "#gateway/snapshot/snapshot.ts";
import { planOf } from "#lib/policy/admit-caller.ts";
import type { Call } from "./call.ts";
import { Denial } from "./denial.ts";

/**
 * Whether the consumer may call at all, and by which plan: not when suspended, not on a node that has not reached the
 * revision its plan needs, not with a plan the snapshot does not hold, not on a node that has been without the control
 * plane (`staleMs`) for longer than the plan allows. Sets `call.plan` and returns it, or a refusal.
 */
export function admitConsumer(call: Call, staleMs: () => number): CompiledPlan | Denial {
  const { consumer, snapshot } = call;
  if (consumer === null) return new Denial("policy_failure", "The gateway could not decide about this call.");
  const plan = planOf(consumer, snapshot);
  switch (plan) {
    case "suspended":
      return new Denial("consumer_suspended", "This consumer is suspended.", {
        rule: `consumer ${consumer.id} suspended`,
      });
    case "behind":
      return new Denial("revision_behind", "This gateway is about to receive a newer policy. Try again.", {
        rule: `consumer needs revision ${consumer.minRevision}, node has ${snapshot.number}`,
        headers: ["retry-after", "1", "retry-after-ms", "1000"],
      });
    case "unknown_plan":
      return new Denial("model_not_allowed", "This consumer's plan is not known to the gateway.", {
        rule: `plan ${consumer.planId} unknown in revision ${snapshot.number}`,
      });
  }
  call.plan = plan;
  // Nearly every plan has no bound, and then nobody asks how stale the node is.
  return plan.staleMsMax === Number.POSITIVE_INFINITY ? plan : (tooStale(plan, staleMs()) ?? plan);
}

/** A node that may not know of a revocation any more does not guess. */
function tooStale({ name, staleMsMax }: CompiledPlan, staleMs: number): Denial | null {
  if (staleMs <= staleMsMax) return null;
  const since = Number.isFinite(staleMs) ? `${Math.floor(staleMs / 1_000)} s` : "longer than it knows";
  const message = "This gateway has lost its control plane for longer than your plan allows. Try again later.";
  return new Denial("node_stale", message, {
    rule: `plan ${name} allows ${staleMsMax / 1_000} s without the control plane, the node has been without for ${since}`,
    headers: ["retry-after", "5", "retry-after-ms", "5000"],
  });
}
