import { z } from "zod";
import { Guardrail } from "../../contract/guardrail.ts";
import { DisplayName, RouteName, Timestamp, VersionNumber } from "../../contract/names.ts";
import { RouteKind } from "../../contract/policy-document.ts";
import { PlanInput } from "../plan/schemas.ts";
import { PriceInput, PriceOverrideInput } from "../price-override/schemas.ts";
import { RoutePatch, TargetInput, VersionPatch } from "../route/schemas.ts";
import { CredentialKind, UpstreamInput } from "../upstream/schemas.ts";

/**
 * A declaration: what an installation shall have, as a file says it. Things are named, never numbered; what is left out has
 * its default. Secrets are references, which whoever applies the declaration resolves: `env:NAME` or `file:path`.
 */
export const SecretReference = z
  .string()
  .max(1_000)
  .regex(
    /^(env:[A-Za-z_][A-Za-z0-9_]*|file:\S.*)$/,
    "must be env:NAME or file:path: a secret itself never stands in a declaration",
  );

/** Lower-case words, as a folder or branch is named: it is what owns the resources. */
export const DeclarationName = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9._-]{0,58}[a-z0-9])?$/, "use 1 to 60 small letters, digits and . _ -");

const DeclaredCredential = z.strictObject({ kind: CredentialKind.default("apiKey"), secret: SecretReference });

export const DeclaredUpstream = UpstreamInput.omit({ name: true }).extend({
  baseUrl: UpstreamInput.shape.baseUrl.optional(),
  credentials: z.record(DisplayName, DeclaredCredential).default({}),
});

export const DeclaredPlan = PlanInput.omit({ name: true });

const [maxPrompt, maxOutput, parameters, pattern, pii, webhook] = Guardrail.options;
const DeclaredGuardrail = z.discriminatedUnion("kind", [
  maxPrompt,
  maxOutput,
  parameters,
  pattern,
  pii,
  webhook.omit({ upstreamId: true }).extend({ upstream: DisplayName }),
]);

const DeclaredTarget = TargetInput.omit({ upstreamId: true }).extend({ upstream: DisplayName });

export const DeclaredVersion = VersionPatch.extend({
  status: VersionPatch.shape.status.default("active"),
  targets: z.array(DeclaredTarget).min(1, "needs at least one target").max(50),
  guardrails: z.array(DeclaredGuardrail).max(20).default([]),
});

export const DeclaredRoute = RoutePatch.omit({ name: true }).extend({
  kind: RouteKind.default("model"),
  /** May be left out where there is one version. */
  defaultVersion: VersionNumber.optional(),
  versions: z
    .record(VersionNumber, DeclaredVersion)
    .refine((versions) => Object.keys(versions).length > 0, "needs at least one version"),
});

export const DeclaredPrice = PriceOverrideInput.omit({ price: true }).extend(PriceInput.shape);

export const DeclaredConsumer = z.strictObject({
  team: DisplayName,
  name: DisplayName,
  plan: DisplayName,
  suspended: z.boolean().default(false),
  suspendedReason: z.string().trim().max(500).nullable().default(null),
});

export const Declaration = z.strictObject({
  /** The form of this file. */
  turnpike: z.literal(1),
  name: DeclarationName,
  teams: z.array(DisplayName).max(5_000).default([]),
  upstreams: z.record(DisplayName, DeclaredUpstream).default({}),
  plans: z.record(DisplayName, DeclaredPlan).default({}),
  routes: z.record(RouteName, DeclaredRoute).default({}),
  prices: z.array(DeclaredPrice).max(5_000).default([]),
  consumers: z.array(DeclaredConsumer).max(5_000).default([]),
});
export type Declaration = z.infer<typeof Declaration>;

/** What a change is about. A version's key is `route@1.0.0`, a credential's `upstream/name`, a consumer's `team/name`. */
export const THING_KINDS = [
  "team",
  "upstream",
  "credential",
  "plan",
  "price",
  "route",
  "routeVersion",
  "consumer",
] as const;
export const ThingKind = z.enum(THING_KINDS);
export type ThingKind = z.infer<typeof ThingKind>;

/** Secrets by their reference. Left out in a plan: then it is not known whether a stored secret differs. */
const Secrets = z.record(SecretReference, z.string().min(1).max(10_000));

export const PlanDeclarationInput = z.strictObject({
  declaration: Declaration,
  secrets: Secrets.default({}),
  /** Removes what this declaration owns and no longer names. */
  prune: z.boolean().default(false),
});

export const ApplyDeclarationInput = PlanDeclarationInput.extend({
  publish: z
    .strictObject({
      note: z.string().trim().max(2_000).default(""),
      /** Publishes although the draft has edits that are not this declaration's. */
      withOthers: z.boolean().default(false),
      incompatibleBecause: z.string().trim().min(1, "say why").max(500).optional(),
    })
    .nullable()
    .default(null),
});

const FieldChange = z.object({ field: z.string(), before: z.unknown(), after: z.unknown() });
export type FieldChange = z.infer<typeof FieldChange>;

export const DeclaredChange = z.object({
  /** `adopt`: it is there as declared and becomes the declaration's. `keep`: no longer declared, and left because of no `prune`. */
  op: z.enum(["create", "update", "adopt", "delete", "keep"]),
  kind: ThingKind,
  key: z.string(),
  id: z.string().nullable(),
  /** Where in the declaration it stands; empty for what is not declared any more. */
  pointer: z.string(),
  fields: z.array(FieldChange),
  /** What was changed by hand since the declaration was last applied. */
  drift: z.array(FieldChange),
  /** It was deleted by hand since. */
  wasDeleted: z.boolean(),
});
export type DeclaredChange = z.infer<typeof DeclaredChange>;

const Summary = z.object({
  create: z.int(),
  update: z.int(),
  adopt: z.int(),
  delete: z.int(),
  keep: z.int(),
  unchanged: z.int(),
  drifted: z.int(),
});

export const DeclarationPlan = z.object({
  name: z.string(),
  changes: z.array(DeclaredChange),
  summary: Summary,
  /** Edits of the draft that are not this declaration's: publishing would publish them too. */
  otherDraftChanges: z.array(z.object({ op: z.string(), resource: z.string(), name: z.string() })),
  /** Secrets that were not given, so that it is not known whether they differ from the stored ones. */
  secretsNotCompared: z.array(z.string()),
  /** `If-Match` of an apply that shall do exactly this. */
  etag: z.string(),
});
export type DeclarationPlan = z.infer<typeof DeclarationPlan>;

export const AppliedDeclaration = z.object({
  name: z.string(),
  changes: z.array(DeclaredChange),
  summary: Summary,
  /** Consumers that wait for their plan to be published. */
  waiting: z.array(z.object({ key: z.string(), plan: z.string() })),
  /** The revision that was published; null without `publish`, or where nothing was to publish. */
  revision: z.int().nullable(),
  /** Whether the draft now differs from the active revision. */
  draftChanges: z.int(),
});
export type AppliedDeclaration = z.infer<typeof AppliedDeclaration>;

export const ExportInput = z.strictObject({
  name: DeclarationName.default("exported"),
  /** Only what the declaration of this name owns. */
  owned: z.enum(["true", "false"]).default("false"),
});

/** A declaration as an export writes it: what is as by default is left out. */
export const ExportedDeclaration = z.looseObject({ turnpike: z.literal(1), name: z.string() });

export const DeclarationList = z.object({
  data: z.array(z.object({ name: z.string(), resources: z.int(), appliedAt: Timestamp })),
  nextCursor: z.string().nullable(),
});

export const ReleaseInput = z.strictObject({ name: DeclarationName });

/** The name of an environment variable for a secret: the upstream's and, beyond "default", the credential's. */
export function variableName(upstream: string, credential: string): string {
  const words = credential === "default" ? [upstream] : [upstream, credential];
  const name = words
    .join("_")
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, "_")
    .replaceAll(/^_+|_+$/g, "");
  return `${/^[A-Z]/.test(name) ? name : `UPSTREAM_${name}`}_KEY`;
}
