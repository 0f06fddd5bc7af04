import { z } from "zod";

export const TemplateCategory = z.enum([
  "authentication",
  "limits",
  "tiers",
  "balancing",
  "caching",
  "versioning",
  "guardrails",
]);
export type TemplateCategory = z.infer<typeof TemplateCategory>;

export const ParameterView = z.object({
  name: z.string(),
  label: z.string(),
  help: z.string(),
  /** `upstream` takes an upstream's id. */
  kind: z.enum(["planName", "routeName", "upstream", "model", "count"]),
  /** What stands in where it is left out; null: it has to be given. */
  default: z.union([z.string(), z.int()]).nullable(),
  /** Of a count. */
  min: z.int().optional(),
  max: z.int().optional(),
});
export type ParameterView = z.infer<typeof ParameterView>;

export const TemplateView = z.object({
  name: z.string(),
  title: z.string(),
  summary: z.string(),
  category: TemplateCategory,
  /** What one would expect of it and it does not do. */
  limits: z.string().nullable(),
  parameters: z.array(ParameterView),
});
export type TemplateView = z.infer<typeof TemplateView>;
export const TemplateList = z.object({ data: z.array(TemplateView) });

export const TemplateInput = z.strictObject({
  name: z.string().max(60),
  /** By name, as the template says; what is left out has its default. */
  parameters: z.record(z.string().max(60), z.union([z.string().max(2_000), z.number()])).default({}),
});

const TemplateResource = z.object({ resource: z.enum(["plan", "route"]), name: z.string() });

export const TemplatePreview = z.object({
  /** What it would make, in sentences. */
  words: z.array(z.string()),
  resources: z.array(TemplateResource),
  /** Names among them that are taken: applying would be refused. */
  taken: z.array(TemplateResource),
});
export type TemplatePreview = z.infer<typeof TemplatePreview>;

export const AppliedTemplate = z.object({
  template: z.string(),
  words: z.array(z.string()),
  resources: z.array(TemplateResource.extend({ id: z.string() })),
});
export type AppliedTemplate = z.infer<typeof AppliedTemplate>;
