import { z } from "zod";
import { Timestamp } from "../../contract/names.ts";
import { PriceDocument } from "../../contract/policy-document.ts";
import { PageInput, pageOf } from "../page.ts";

/** What a developer may know of a published route: what to call it, which versions there are, what it costs. */
export const ModelView = z.object({
  id: z.string(),
  /** What to put into `model`. */
  name: z.string(),
  defaultVersion: z.string(),
  versions: z.array(
    z.object({
      version: z.string(),
      status: z.enum(["active", "deprecated", "retired"]),
      deprecatedAt: Timestamp.nullable(),
      sunsetAt: Timestamp.nullable(),
      successor: z.string().nullable(),
      /** The models behind this version, with their price where one is known. */
      models: z.array(z.object({ provider: z.string(), model: z.string(), price: PriceDocument.nullable() })),
    }),
  ),
});
export type ModelView = z.infer<typeof ModelView>;
export const ModelPage = pageOf(ModelView);

/** A model that a provider has, as the packages know it, with the price that calls of the draft's targets would have. */
export const CatalogueModel = z.object({
  provider: z.string(),
  /** As targets name it. */
  model: z.string(),
  name: z.string(),
  contextTokens: z.int().nullable(),
  outputTokensMax: z.int().nullable(),
  /** `text`, `image`, `audio`, `video`, `pdf`; null where nobody says. For people: never enforced. */
  modalities: z.object({ input: z.array(z.string()), output: z.array(z.string()) }).nullable(),
  capabilities: z.array(z.string()),
  isDeprecated: z.boolean(),
  price: PriceDocument.nullable(),
  /** The price was set by an admin. */
  override: z.object({ id: z.string(), etag: z.string() }).nullable(),
});
export type CatalogueModel = z.infer<typeof CatalogueModel>;
export const CatalogueInput = PageInput.extend({ provider: z.string().max(60).optional() });
/** `total`: how many there are in all pages. */
export const CataloguePage = pageOf(CatalogueModel).extend({ total: z.int() });
