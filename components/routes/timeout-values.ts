import { z } from "zod";
import { Timeouts } from "#lib/contract/policy-document.ts";

/** The four times of a call, with what a node takes where neither the route nor the upstream says otherwise. */
export const TIMEOUT_FIELDS = [
  { key: "connectMs", label: "Connect", hint: "Until the connection stands.", defaultMs: 5_000, maxMs: 60_000 },
  {
    key: "firstByteMs",
    label: "First byte",
    hint: "From sending the request to the start of the answer.",
    defaultMs: 300_000,
    maxMs: 600_000,
  },
  { key: "idleMs", label: "Idle", hint: "Longest silence inside an answer.", defaultMs: 120_000, maxMs: 600_000 },
  {
    key: "totalMs",
    label: "Total",
    hint: "The whole call, retries included.",
    defaultMs: 600_000,
    maxMs: 3_600_000,
  },
] as const;
export type TimeoutKey = (typeof TIMEOUT_FIELDS)[number]["key"];

const minMs = 10;
const exact = new Intl.NumberFormat("en-US");

function timeoutBox(maxMs: number) {
  return z
    .int("Enter whole milliseconds, or leave it empty.")
    .min(minMs, `At least ${minMs} ms.`)
    .max(maxMs, `At most ${exact.format(maxMs)} ms.`)
    .nullable();
}

/** Timeouts in a form: an empty box is null and means "as the node has it". */
export const TimeoutBoxes = z.object({
  connectMs: timeoutBox(60_000),
  firstByteMs: timeoutBox(600_000),
  idleMs: timeoutBox(600_000),
  totalMs: timeoutBox(3_600_000),
});
export type TimeoutBoxes = z.infer<typeof TimeoutBoxes>;

/** Stored timeouts as boxes. */
export function timeoutBoxes(timeouts: Timeouts): TimeoutBoxes {
  return {
    connectMs: timeouts.connectMs ?? null,
    firstByteMs: timeouts.firstByteMs ?? null,
    idleMs: timeouts.idleMs ?? null,
    totalMs: timeouts.totalMs ?? null,
  };
}

/** Boxes as what a POST takes: the empty ones left out. (A merge patch takes the boxes as they are: null removes.) */
export function setTimeouts(boxes: TimeoutBoxes): Timeouts {
  return Timeouts.parse(Object.fromEntries(Object.entries(boxes).filter(([, value]) => value !== null)));
}
