import { z } from "zod";
import { Id } from "../../contract/names.ts";
import { PERMISSIONS, ROLES } from "../../contract/permissions.ts";
import { Password } from "../user/schemas.ts";

export const MeView = z.object({
  actor: z.object({ kind: z.enum(["user", "managementToken"]), id: Id, name: z.string() }),
  /** The person's own name and address; null for a management token. */
  user: z.object({ name: z.string(), email: z.string() }).nullable(),
  role: z.enum(ROLES).nullable(),
  permissions: z.array(z.enum(PERMISSIONS)),
  /** Whether the whole organisation is in reach, or only the teams below. */
  scope: z.enum(["organisation", "teams"]),
  teams: z.array(z.object({ id: Id, name: z.string() })),
  organisation: z.object({ name: z.string(), timezone: z.string(), currency: z.literal("USD") }),
});
export type MeView = z.infer<typeof MeView>;

export const OwnPasswordInput = z.strictObject({ currentPassword: z.string().max(256), newPassword: Password });
