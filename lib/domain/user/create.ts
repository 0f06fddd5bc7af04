import { hashPassword } from "../../crypto/password.ts";
import { newId } from "../new-id.ts";
import { mutation } from "../verb.ts";
import { requireFreeEmail, requireGrant, requireKnownTeams, requireOwnPassword } from "./guards.ts";
import { newInitialPassword } from "./initial-password.ts";
import { UserCreate, UserCreated } from "./schemas.ts";
import { USER_PARTS, userView } from "./view.ts";

/** Adds a person. Without a password one is made, and shown in this answer and nowhere else. 403, 409 `name_taken`, 422. */
export const createUser = mutation({
  name: "user.create",
  permission: "user.write",
  input: UserCreate,
  output: UserCreated,
  async run(ctx, { password, teamIds, ...fields }) {
    requireGrant(ctx.actor, fields.role);
    if (password !== undefined) requireOwnPassword("/password", password, fields.email);
    await requireFreeEmail(ctx.tx, fields.email);
    await requireKnownTeams(ctx.tx, teamIds);
    const initialPassword = password === undefined ? newInitialPassword() : null;
    const row = await ctx.tx.user.create({
      data: {
        id: newId("usr"),
        ...fields,
        passwordHash: await hashPassword(password ?? initialPassword ?? ""),
        teams: { create: teamIds.map((teamId) => ({ teamId })) },
      },
      include: USER_PARTS,
    });
    const view = userView(row, ctx.now());
    return {
      output: { ...view, initialPassword },
      audit: { resource: "user", id: row.id, name: row.email, after: view },
    };
  },
});
