import {
  abortRollout,
  getRollout,
  listRollouts,
  pauseRollout,
  promoteRollout,
  resumeRollout,
} from "../../domain/rollout/index.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";

export const rollouts: readonly Endpoint[] = [
  endpoint({ method: "GET", path: "/rollouts", verb: listRollouts, summary: "List canary rollouts, newest first" }),
  endpoint({
    method: "GET",
    path: "/rollouts/{id}",
    verb: getRollout,
    summary: "Read a rollout: its nodes, the canary against the rest, and its story",
  }),
  endpoint({
    method: "POST",
    path: "/rollouts/{id}/pause",
    verb: pauseRollout,
    summary: "Stop a rollout's clock; a failing gate still rolls it back",
  }),
  endpoint({
    method: "POST",
    path: "/rollouts/{id}/resume",
    verb: resumeRollout,
    summary: "Let a paused rollout go on",
  }),
  endpoint({
    method: "POST",
    path: "/rollouts/{id}/promote",
    verb: promoteRollout,
    summary: "Give the canary's revision to every node now",
  }),
  endpoint({
    method: "POST",
    path: "/rollouts/{id}/abort",
    verb: abortRollout,
    summary: "Take a canary back: every node gets the revision before it, under a new number",
  }),
];
