import { z } from "zod";
import { HEALTH_DEFAULT, HealthPolicy, HealthProbe } from "#lib/contract/health-check.ts";

const { shape } = HealthPolicy;
const probe = HealthProbe.shape;

/** An upstream's health settings in a form: every box is filled in. */
export const HealthBoxes = z.object({
  consecutiveFailures: shape.consecutiveFailures.unwrap(),
  errorPercent: shape.errorPercent.unwrap(),
  windowSeconds: shape.windowSeconds.unwrap(),
  callsMin: shape.callsMin.unwrap(),
  openSeconds: shape.openSeconds.unwrap(),
  openSecondsMax: shape.openSecondsMax.unwrap(),
  slowStartSeconds: shape.slowStartSeconds.unwrap(),
  credentialRestSeconds: shape.credentialRestSeconds.unwrap(),
  retryAfterSecondsMax: shape.retryAfterSecondsMax.unwrap(),
  whenAllOut: shape.whenAllOut.unwrap(),
  probe: z.object({
    kind: probe.kind.unwrap(),
    path: probe.path.unwrap(),
    intervalSeconds: probe.intervalSeconds.unwrap(),
    timeoutMs: probe.timeoutMs.unwrap(),
    failuresToOpen: probe.failuresToOpen.unwrap(),
    passesToReturn: probe.passesToReturn.unwrap(),
    sendsCredential: probe.sendsCredential.unwrap(),
  }),
});

type NumberKey = {
  [K in keyof HealthPolicy]: HealthPolicy[K] extends number ? K : never;
}[keyof HealthPolicy];

/** The numbers among the settings, as a form and a change list name them. */
export const HEALTH_FIELDS: readonly { key: NumberKey; label: string; hint: string; suffix?: string }[] = [
  { key: "consecutiveFailures", label: "Failures in a row", hint: "So many take a target out of service. 0: never." },
  { key: "errorPercent", label: "Share of failures", hint: "This share takes it out too. 0: never.", suffix: "%" },
  { key: "windowSeconds", label: "Counted over", hint: "How far back the share looks.", suffix: "s" },
  { key: "callsMin", label: "Calls at least", hint: "With fewer calls the share says nothing." },
  { key: "openSeconds", label: "Out of service for", hint: "Then one call is tried.", suffix: "s" },
  { key: "openSecondsMax", label: "At most for", hint: "It doubles with each trial that fails.", suffix: "s" },
  {
    key: "slowStartSeconds",
    label: "Slow start",
    hint: "Until a target that is back has its full share.",
    suffix: "s",
  },
  {
    key: "credentialRestSeconds",
    label: "Refused credential rests",
    hint: "Then one call tries it again. 0: it never rests.",
    suffix: "s",
  },
  {
    key: "retryAfterSecondsMax",
    label: "Waits when asked, up to",
    hint: "A longer retry-after is cut to this. 0: it is not honoured.",
    suffix: "s",
  },
];

/** The settings that hold where nothing is said. */
export const newHealthBoxes: HealthPolicy = HEALTH_DEFAULT;
