import { z } from "zod";
import { DisplayName, Id, Timestamp } from "../../contract/names.ts";
import { Timeouts } from "../../contract/policy-document.ts";
import { isProviderKind, PROVIDERS } from "../../contract/providers.ts";
import { pageOf } from "../page.ts";

const Provider = z.string().refine(isProviderKind, {
  message: `Only these providers are supported in this release: ${PROVIDERS.map((provider) => provider.kind).join(", ")}.`,
  params: { code: "not_supported" },
});

export const SecretInput = z
  .string()
  .min(1, "must not be empty")
  .max(10_000)
  .regex(/^[\x21-\x7e]+$/, "must be printable ASCII without spaces");
export const CredentialFields = z.strictObject({
  kind: z.literal("apiKey"),
  name: DisplayName.default("default"),
  secret: SecretInput,
});

export const UpstreamInput = z.strictObject({
  name: DisplayName,
  provider: Provider,
  baseUrl: z.url({ protocol: /^https?$/, error: "must be an http:// or https:// address" }).max(2_000),
  /** Allows a loopback or private address; needs a permission of its own. */
  allowPrivateNetwork: z.boolean().default(false),
  timeouts: Timeouts.default({}),
});
export const UpstreamCreate = UpstreamInput.extend({ credential: CredentialFields.optional() });

export const UpstreamView = z.object({
  id: Id,
  name: z.string(),
  provider: z.string(),
  baseUrl: z.string(),
  allowPrivateNetwork: z.boolean(),
  timeouts: Timeouts,
  isDemo: z.boolean(),
  credentials: z.array(z.object({ id: Id, name: z.string(), kind: z.string(), last4: z.string() })),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  etag: z.string(),
});
export type UpstreamView = z.infer<typeof UpstreamView>;
export const UpstreamPage = pageOf(UpstreamView);
