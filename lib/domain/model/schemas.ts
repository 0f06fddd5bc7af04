import { z } from "zod";
import { Timestamp } from "../../contract/names.ts";
import { PriceDocument } from "../../contract/policy-document.ts";
import { pageOf } from "../page.ts";

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
