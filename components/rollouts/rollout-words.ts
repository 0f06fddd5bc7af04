import type { Tone } from "#components/ui/badge.tsx";
import type { RolloutEventKind, RolloutFigures, RolloutSummary } from "#lib/domain/rollout/schemas.ts";

/** A rollout's state as it is shown. */
export const stateWords: Record<RolloutSummary["state"], { word: string; tone: Tone }> = {
  running: { word: "canary under way", tone: "info" },
  paused: { word: "paused", tone: "warning" },
  promoted: { word: "promoted", tone: "success" },
  rolled_back: { word: "rolled back", tone: "danger" },
};

/** What the gate thinks, as it is shown. */
export const verdictWords: Record<RolloutFigures["verdict"], { word: string; tone: Tone }> = {
  good: { word: "no worse than the rest", tone: "success" },
  unclear: { word: "looks worse, may be chance", tone: "warning" },
  worse: { word: "worse than the rest", tone: "danger" },
  too_few_calls: { word: "too few calls to say", tone: "neutral" },
};

/** The mark of an event in the story. */
export const eventTones: Record<RolloutEventKind, Tone> = {
  started: "info",
  node_applied: "neutral",
  node_rejected: "danger",
  node_lost: "warning",
  node_returned: "neutral",
  judged: "neutral",
  paused: "warning",
  resumed: "info",
  promoted: "success",
  rolled_back: "danger",
};
