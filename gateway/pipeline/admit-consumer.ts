import type { CompiledPlan } from "#gateway/snapshot/snapshot.ts";
import { planOf } from "#lib/policy/admit-caller.ts";
import type { Call } from "./call.ts";
import { Denial } from "./denial.ts";

/**
 * Whether the consumer may call at all, and by which plan: not when suspended, not on a node that has not reached the
 * revision its plan needs, not with a plan the snapshot does not hold. Sets `call.plan` and returns it, or a refusal.
 */
export function admitConsumer(call: Call): CompiledPlan | Denial {
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
  return plan;
}
