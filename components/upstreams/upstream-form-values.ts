import { z } from "zod";
import { RateLimitBoxes, rateLimitBoxes, setRateLimits } from "#components/plans/rate-limit-values.ts";
import { setTimeouts, TimeoutBoxes, timeoutBoxes } from "#components/routes/timeout-values.ts";
import { HealthBoxes, newHealthBoxes } from "#components/upstreams/health-values.ts";
import { providers } from "#components/upstreams/provider-words.ts";
import { newSecretBoxes, secretOf, secretSchema } from "#components/upstreams/secret-values.ts";
import { findOptionProblems, providerOf } from "#lib/contract/providers.ts";
import { UpstreamInput, type UpstreamView } from "#lib/domain/upstream/schemas.ts";

/** What the upstream form holds. `secret` is empty where no credential is to be added. */
export const UpstreamFormSchema = z
  .object({
    options: z.record(z.string(), z.string().max(300)),
    provider: UpstreamInput.shape.provider,
    name: UpstreamInput.shape.name,
    baseUrl: UpstreamInput.shape.baseUrl,
    allowPrivateNetwork: z.boolean(),
    credential: secretSchema(false),
    timeouts: TimeoutBoxes,
    health: HealthBoxes,
    rateLimits: RateLimitBoxes,
  })
  .superRefine((values, context) => {
    for (const { name, detail } of findOptionProblems(values.provider, setOptions(values)))
      context.addIssue({ code: "custom", path: ["options", name], message: detail });
  });
export type UpstreamFormInput = z.input<typeof UpstreamFormSchema>;
export type UpstreamFormOutput = z.output<typeof UpstreamFormSchema>;

/** A new upstream starts with the first provider of the gallery. */
export function newUpstreamValues(): UpstreamFormInput {
  const [first] = providers;
  return {
    provider: first?.kind ?? "",
    name: "",
    options: {},
    baseUrl: first?.defaultBaseUrl ?? "",
    allowPrivateNetwork: false,
    credential: newSecretBoxes(first?.credentials[0] ?? "apiKey"),
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
    options: upstream.options,
    allowPrivateNetwork,
    credential: newSecretBoxes(providerOf(provider)?.credentials[0] ?? "apiKey"),
    timeouts: timeoutBoxes(timeouts),
    health: upstream.health,
    rateLimits: rateLimitBoxes(upstream.rateLimits),
  };
}

/** The options that a provider has, of those in the form; an empty box is none. */
function setOptions({ provider, options }: Pick<UpstreamFormOutput, "provider" | "options">): Record<string, string> {
  const names = (providerOf(provider)?.options ?? []).map(({ name }) => name);
  return Object.fromEntries(names.flatMap((name) => (options[name] ? [[name, options[name]]] : [])));
}

/** Every option that any provider has, taken away: those of another provider must not stay behind. */
const noOptions: Readonly<Record<string, null>> = Object.fromEntries(
  providers.flatMap((provider) => provider.options.map(({ name }) => [name, null])),
);

/** What creating an upstream sends. */
export function upstreamCreateBody(values: UpstreamFormOutput) {
  const { credential, timeouts, rateLimits, ...rest } = values;
  const secret = secretOf(credential);
  const body = {
    ...rest,
    options: setOptions(values),
    timeouts: setTimeouts(timeouts),
    rateLimits: setRateLimits(rateLimits),
  };
  return secret === "" ? body : { ...body, credential: { kind: credential.kind, secret } };
}

/** What changing an upstream sends: a merge patch, in which an empty box removes what was set. */
export function upstreamPatchBody(values: UpstreamFormOutput) {
  const { credential: _writeOnly, rateLimits, ...rest } = values;
  return { ...rest, options: { ...noOptions, ...setOptions(values) }, rateLimits: setRateLimits(rateLimits) };
}
