import { z } from "zod";
import { RateLimitBoxes, rateLimitBoxes, setRateLimits } from "#components/plans/rate-limit-values.ts";
import { setTimeouts, TimeoutBoxes, timeoutBoxes } from "#components/routes/timeout-values.ts";
import { HealthBoxes, newHealthBoxes } from "#components/upstreams/health-values.ts";
import { providers } from "#components/upstreams/provider-words.ts";
import { SecretInput, UpstreamInput, type UpstreamView } from "#lib/domain/upstream/schemas.ts";

/** What the upstream form holds. `secret` is empty where no credential is to be added. */
export const UpstreamFormSchema = z.object({
  provider: UpstreamInput.shape.provider,
  name: UpstreamInput.shape.name,
  baseUrl: UpstreamInput.shape.baseUrl,
  allowPrivateNetwork: z.boolean(),
  credential: z.object({ secret: z.union([z.literal(""), SecretInput]) }),
  timeouts: TimeoutBoxes,
  health: HealthBoxes,
  rateLimits: RateLimitBoxes,
});
export type UpstreamFormInput = z.input<typeof UpstreamFormSchema>;
export type UpstreamFormOutput = z.output<typeof UpstreamFormSchema>;

/** A new upstream starts with the first provider of the gallery. */
export function newUpstreamValues(): UpstreamFormInput {
  const [first] = providers;
  return {
    provider: first?.kind ?? "",
    name: "",
    baseUrl: first?.defaultBaseUrl ?? "",
    allowPrivateNetwork: false,
    credential: { secret: "" },
    timeouts: timeoutBoxes({}),
    health: newHealthBoxes,
    rateLimits: [],
  };
}

/** The form's values of an upstream as it is. */
export function upstreamFormValues(upstream: UpstreamView): UpstreamFormInput {
  const { provider, name, baseUrl, allowPrivateNetwork, timeouts } = upstream;
  return {
    provider,
    name,
    baseUrl,
    allowPrivateNetwork,
    credential: { secret: "" },
    timeouts: timeoutBoxes(timeouts),
    health: upstream.health,
    rateLimits: rateLimitBoxes(upstream.rateLimits),
  };
}

/** What creating an upstream sends. */
export function upstreamCreateBody({ credential, timeouts, rateLimits, ...values }: UpstreamFormOutput) {
  const body = { ...values, timeouts: setTimeouts(timeouts), rateLimits: setRateLimits(rateLimits) };
  return credential.secret === "" ? body : { ...body, credential: { kind: "apiKey", secret: credential.secret } };
}

/** What changing an upstream sends: a merge patch, in which an empty timeout removes the one that was set. */
export function upstreamPatchBody({ credential: _writeOnly, rateLimits, ...values }: UpstreamFormOutput) {
  return { ...values, rateLimits: setRateLimits(rateLimits) };
}
