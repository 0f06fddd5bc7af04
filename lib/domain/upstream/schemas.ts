import { z } from "zod";
import {
  CREDENTIAL_KINDS,
  type CredentialKind as CredentialKindName,
  findSecretProblem,
} from "../../contract/credential-kind.ts";
import { HealthPolicy } from "../../contract/health-check.ts";
import { DisplayName, Id, Timestamp } from "../../contract/names.ts";
import { HealthEntry } from "../../contract/node-event.ts";
import { Timeouts, UpstreamOptions } from "../../contract/policy-document.ts";
import { isProviderKind, PROVIDERS } from "../../contract/providers.ts";
import { RATE_LIMITS_MAX, UpstreamRateLimit } from "../../contract/rate-limit.ts";
import { pageOf } from "../page.ts";

const Provider = z.string().refine(isProviderKind, {
  message: `Only these providers are supported in this release: ${PROVIDERS.map((provider) => provider.kind).join(", ")}.`,
  params: { code: "not_supported" },
});

/** A provider's secret. `awsKeys` and `serviceAccount` are JSON texts, checked against the kind where both are known. */
export const SecretInput = z.string().min(1, "must not be empty").max(10_000);
export const CredentialKind = z.enum(CREDENTIAL_KINDS);

/** Refuses a secret that has not the form of its kind. */
export function checkSecret(ctx: z.core.ParsePayload<{ kind: CredentialKindName; secret: string }>): void {
  const { kind, secret } = ctx.value;
  const message = findSecretProblem(kind, secret);
  if (message !== null) ctx.issues.push({ code: "custom", path: ["secret"], message, input: kind });
}

export const CredentialFields = z
  .strictObject({ kind: CredentialKind, name: DisplayName.default("default"), secret: SecretInput })
  .check(checkSecret);

export const UpstreamInput = z.strictObject({
  name: DisplayName,
  provider: Provider,
  baseUrl: z.url({ protocol: /^https?$/, error: "must be an http:// or https:// address" }).max(2_000),
  /** What only this provider needs; the provider says which there are. */
  options: UpstreamOptions.default({}),
  /** Allows a loopback or private address; needs a permission of its own. */
  allowPrivateNetwork: z.boolean().default(false),
  timeouts: Timeouts.default({}),
  /** When its targets and credentials are taken out of service, and how they come back. */
  health: HealthPolicy.prefault({}),
  /** What the upstream itself bears: a target whose upstream is exhausted is no candidate. */
  rateLimits: z.array(UpstreamRateLimit).max(RATE_LIMITS_MAX).default([]),
});
/** Without an address, a new upstream has its provider's own. */
export const UpstreamCreate = UpstreamInput.extend({
  baseUrl: UpstreamInput.shape.baseUrl.optional(),
  credential: CredentialFields.optional(),
});

export const UpstreamView = z.object({
  id: Id,
  name: z.string(),
  provider: z.string(),
  baseUrl: z.string(),
  options: UpstreamOptions,
  allowPrivateNetwork: z.boolean(),
  timeouts: Timeouts,
  health: HealthPolicy,
  rateLimits: z.array(UpstreamRateLimit),
  isDemo: z.boolean(),
  /** What is not wholly in service at nodes that are online: its targets, itself, its credentials. Only where it is read. */
  standing: z.array(HealthEntry.extend({ node: z.object({ id: Id, name: z.string() }) })).optional(),
  credentials: z.array(z.object({ id: Id, name: z.string(), kind: z.string(), last4: z.string() })),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  etag: z.string(),
});
export type UpstreamView = z.infer<typeof UpstreamView>;
export const UpstreamPage = pageOf(UpstreamView);
