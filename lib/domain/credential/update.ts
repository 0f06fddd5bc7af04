import { notFound } from "../errors.ts";
import { lostRace, requireMatch } from "../etag.ts";
import { mergePatch, PatchInput } from "../merge-patch.ts";
import { parseInput } from "../parse-input.ts";
import { mutation } from "../verb.ts";
import { CredentialPatch, CredentialView } from "./schemas.ts";
import { announceCredentials, sealSecret } from "./store.ts";
import { credentialView, upstreamNames } from "./view.ts";

/** Renames a credential or replaces its secret, on every node at once. 404, 412. */
export const updateCredential = mutation({
  name: "credential.update",
  permission: "credential.write",
  input: PatchInput,
  output: CredentialView,
  async run(ctx, { id, patch }) {
    const before = await ctx.tx.credential.findUnique({ where: { id } });
    if (!before) throw notFound("credential");
    requireMatch(ctx, before.version);
    const changed = parseInput(CredentialPatch, mergePatch({ name: before.name }, patch));
    const replaced = changed.secret === undefined ? {} : sealSecret(id, changed.secret);
    const { count } = await ctx.tx.credential.updateMany({
      where: { id, version: before.version },
      data: { name: changed.name, ...replaced, version: { increment: 1 } },
    });
    if (count === 0) throw lostRace();
    if (changed.secret !== undefined) await announceCredentials(ctx.tx);
    const names = await upstreamNames(ctx.tx, [before.upstreamId]);
    const output = credentialView(await ctx.tx.credential.findUniqueOrThrow({ where: { id } }), names);
    const after = { ...output, secretReplaced: changed.secret !== undefined };
    return {
      output,
      audit: {
        resource: "credential",
        id,
        name: `${output.upstreamName ?? before.upstreamId} / ${output.name}`,
        before: credentialView(before, names),
        after,
      },
    };
  },
});
