import { newSecret, secretHash } from "../../contract/api-key-format.ts";
import { invalidField } from "../errors.ts";
import { newId } from "../new-id.ts";
import { requireGrant } from "../user/guards.ts";
import { mutation } from "../verb.ts";
import { MANAGEMENT_TOKEN_PREFIX, ManagementTokenInput, ManagementTokenIssued } from "./schemas.ts";
import { managementTokenView } from "./view.ts";

const SHOWN_PREFIX_LENGTH = MANAGEMENT_TOKEN_PREFIX.length + 5;

/** Makes a token for automation, with a role not above the maker's own. The secret is in this answer and nowhere else. 403, 422. */
export const createManagementToken = mutation({
  name: "managementToken.create",
  permission: "managementToken.write",
  input: ManagementTokenInput,
  output: ManagementTokenIssued,
  async run(ctx, { name, role, expiresAt }) {
    requireGrant(ctx.actor, role);
    if (expiresAt !== null && new Date(expiresAt) <= ctx.now())
      throw invalidField(
        "/expiresAt",
        "in_the_past",
        "This time has passed. Give a later one, or null for a token that does not expire.",
      );
    const secret = newSecret(MANAGEMENT_TOKEN_PREFIX);
    const row = await ctx.tx.managementToken.create({
      data: {
        id: newId("mgt"),
        name,
        role,
        sha256: secretHash(secret),
        prefix: secret.slice(0, SHOWN_PREFIX_LENGTH),
        last4: secret.slice(-4),
        expiresAt: expiresAt === null ? null : new Date(expiresAt),
        createdBy: ctx.actor.id,
      },
    });
    const view = managementTokenView(row, ctx.now());
    return {
      output: { ...view, secret },
      audit: { resource: "managementToken", id: row.id, name: row.name, after: view },
    };
  },
});
