import type { Tone } from "#components/ui/badge.tsx";
import type { HealthEntry, NodeEventKind } from "#lib/contract/node-event.ts";

/** What changed, and how good that is. */
export const eventWords: Record<NodeEventKind, { word: string; tone: Tone }> = {
  breaker_opened: { word: "taken out of service", tone: "danger" },
  breaker_half_open: { word: "tried with one call", tone: "info" },
  breaker_closed: { word: "back in service", tone: "success" },
  credential_parked: { word: "credential refused", tone: "danger" },
  credential_returned: { word: "credential taken again", tone: "success" },
  probe_failed: { word: "probe failed", tone: "warning" },
  probe_passed: { word: "probe passed", tone: "success" },
};

/** What is not wholly in service, and how bad that is. */
export const stateWords: Record<HealthEntry["state"], { word: string; tone: Tone }> = {
  open: { word: "out of service", tone: "danger" },
  half_open: { word: "being tried", tone: "info" },
  slow_start: { word: "starting slowly", tone: "info" },
  resting: { word: "refused, at rest", tone: "danger" },
  limited: { word: "rate limited", tone: "warning" },
};

const subjects: Record<HealthEntry["subject"], string> = {
  target: "target",
  upstream: "upstream",
  credential: "credential",
};

/** The noun for what an entry is about. */
export function subjectWord({ subject }: Pick<HealthEntry, "subject">): string {
  return subjects[subject];
}
