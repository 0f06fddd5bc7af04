import { z } from "zod";
import { DisplayName, Id, Timestamp } from "../../contract/names.ts";
import { ROLES } from "../../contract/permissions.ts";
import { PageInput, pageOf } from "../page.ts";

export const Role = z.enum(ROLES);

/** Compared and stored in small letters. */
export const Email = z.string().trim().toLowerCase().max(254).pipe(z.email("must be an e-mail address"));

export const PASSWORD_LENGTH_MIN = 12;

/** A password as a person chooses it. That it differs from the e-mail is checked where the e-mail is known. */
export const Password = z
  .string()
  .min(PASSWORD_LENGTH_MIN, `must have at least ${PASSWORD_LENGTH_MIN} characters`)
  .max(256)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, "must not contain control characters");

const TeamIds = z
  .array(Id)
  .max(200)
  .transform((ids) => [...new Set(ids)]);

/** The parts of a user that an administrator writes. */
export const UserFields = z.strictObject({
  email: Email,
  name: DisplayName,
  role: Role,
  /** Whose things a developer reaches. Other roles reach the whole organisation. */
  teamIds: TeamIds.default([]),
});
export const UserCreate = UserFields.extend({
  /** Left out: one is generated and shown once in the answer. */
  password: Password.optional(),
});
/** `disabled` ends every session at once and refuses the sign-in. */
export const UserPatch = UserFields.extend({ disabled: z.boolean() });
export const PasswordReset = z.strictObject({ id: Id, password: Password.optional() });

export const UserView = z.object({
  id: Id,
  email: z.string(),
  name: z.string(),
  role: Role,
  teams: z.array(z.object({ id: Id, name: z.string() })),
  disabled: z.boolean(),
  disabledAt: Timestamp.nullable(),
  /** Until when the sign-in is refused after too many wrong passwords. */
  lockedUntil: Timestamp.nullable(),
  lastSignInAt: Timestamp.nullable(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  etag: z.string(),
});
export type UserView = z.infer<typeof UserView>;
/** `initialPassword` is there when one was generated: the only time it is shown. */
export const UserCreated = UserView.extend({ initialPassword: z.string().nullable() });
export const UserPage = pageOf(UserView);
export const UserListInput = PageInput.extend({ role: Role.optional(), teamId: Id.optional() });
