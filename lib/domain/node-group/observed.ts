import { z } from "zod";

/** What a group's driver said when it was last asked, as the row keeps it. */
export const Observed = z.object({
  at: z.iso.datetime(),
  nodes: z.int().nullable(),
  /** Why nothing can be done, or not all of it. */
  problem: z.string().nullable(),
  /** Of the local driver: whom it scales. */
  supervisor: z.string().nullable(),
});
export type Observed = z.infer<typeof Observed>;
