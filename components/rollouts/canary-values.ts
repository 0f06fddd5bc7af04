import type { z } from "zod";
import { formatPercent } from "#components/format/number.ts";
import type { NodeView } from "#lib/domain/node/schemas.ts";
import { Gate, type RolloutInput } from "#lib/domain/rollout/schemas.ts";

/** What is typed about how a revision reaches the nodes. `group` "" stands for every group. */
export interface RolloutValues {
  strategy: "all" | "canary";
  percent: string;
  group: string;
  minutes: string;
  calls: string;
  errors: string;
}

/** To all nodes, and for a canary what a gate has by itself. */
export const firstRollout: RolloutValues = {
  strategy: "all",
  percent: "10",
  group: "",
  minutes: "5",
  calls: "100",
  errors: "2",
};

const hourSeconds = 3_600;

/** The rollout as the API takes it, or what is wrong with what was typed. */
export function rolloutInput(values: RolloutValues): { rollout: z.input<typeof RolloutInput> } | { problem: string } {
  if (values.strategy === "all") return { rollout: { strategy: "all" } };
  const percent = Number(values.percent);
  if (!(percent > 0 && percent < 100) && !(percent === 100 && values.group !== ""))
    return { problem: "A canary takes more than 0 and less than 100 % of the nodes, or all of one group's." };
  const durationSeconds = Math.round(Number(values.minutes) * 60);
  const gate = Gate.safeParse({
    durationSeconds,
    minimumCalls: Number(values.calls),
    errorRatio: Number(values.errors) / 100,
    timeoutSeconds: Math.max(hourSeconds, 2 * durationSeconds),
  });
  if (!gate.success)
    return { problem: "The gate needs whole calls, a share of errors from 0 to 100 %, and at most a week." };
  const group = values.group === "" ? {} : { groups: [values.group] };
  return { rollout: { strategy: "canary", percent, ...group, gate: gate.data } };
}

/** How many of the nodes that could take a canary it would reach, and of how many. */
export function reachOf(
  nodes: readonly NodeView[],
  { percent, group }: RolloutValues,
): { reached: number; of: number } {
  const able = nodes.filter(
    (node) =>
      node.state === "serving" && !node.isDraining && !node.isQuarantined && (group === "" || node.group === group),
  );
  const share = Math.ceil((Number(percent) * able.length) / 100);
  const reached = Number(percent) >= 100 ? able.length : Math.min(share, Math.max(1, able.length - 1));
  return { reached: Math.min(reached, able.length), of: able.length };
}

/** A gate as one sentence after the other. */
export function gateWords(gate: Gate): string {
  const worse = [
    gate.errorRatio === null ? null : `${points(gate.errorRatio)} more of its calls fail`,
    gate.rejectionRatio === null ? null : `${points(gate.rejectionRatio)} more are refused`,
    gate.p95LatencyRatio === null ? null : `its p95 latency is more than ${gate.p95LatencyRatio} times as long`,
  ].filter((words) => words !== null);
  const back =
    worse.length === 0
      ? "It goes back by itself when a node rejects it."
      : `It goes back by itself when, compared with the rest, ${either(worse)}, or when a node rejects it.`;
  const on = `After ${span(gate.durationSeconds)} and ${gate.minimumCalls} calls on each side it goes to every node.`;
  const late = gate.onTimeout === "rollback" ? "it goes back" : "it pauses";
  return `${on} ${back} Undecided after ${span(gate.timeoutSeconds)}, ${late}.`;
}

function either(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} or ${last}`;
}

function points(share: number): string {
  return share === 0 ? "any" : `over ${formatPercent(share)}`;
}

function span(seconds: number): string {
  if (seconds < 60 || seconds % 60 !== 0) return seconds === 1 ? "1 second" : `${seconds} seconds`;
  const minutes = seconds / 60;
  if (minutes < 60 || minutes % 60 !== 0) return minutes === 1 ? "1 minute" : `${minutes} minutes`;
  return minutes === 60 ? "1 hour" : `${minutes / 60} hours`;
}
