import { z } from "zod";
import { Id, Timestamp } from "../../contract/names.ts";
import { PageInput, pageOf } from "../page.ts";

export const SessionView = z.object({
  id: Id,
  userId: Id,
  userName: z.string(),
  /** From where it was opened. */
  address: z.string().nullable(),
  userAgent: z.string().nullable(),
  /** Whether this request came with it. */
  current: z.boolean(),
  createdAt: Timestamp,
  expiresAt: Timestamp,
});
export type SessionView = z.infer<typeof SessionView>;
export const SessionPage = pageOf(SessionView);
/** Without a user: one's own. Somebody else's need the permission user.read. */
export const SessionListInput = PageInput.omit({ q: true }).extend({ userId: Id.optional() });
