import { z } from "zod";
import { DisplayName, Id, Timestamp } from "../../contract/names.ts";
import { pageOf } from "../page.ts";

export const TeamInput = z.strictObject({ name: DisplayName });
export const TeamView = z.object({
  id: Id,
  name: z.string(),
  consumers: z.int(),
  members: z.int(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  etag: z.string(),
});
export type TeamView = z.infer<typeof TeamView>;
export const TeamPage = pageOf(TeamView);
