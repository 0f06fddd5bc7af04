import { type CredentialKind as CredentialKindName, findSecretProblem } from "../../contract/credential-kind.ts";
import { invalidField, notFound } from "../errors.ts";
import { lostRace, requireMatch } from "../etag.ts";
import { mergePatch, PatchInput } from "../merge-patch.ts";
import { parseInput } from "../parse-input.ts";
import { CredentialKind } from "../upstream/schemas.ts";
import { mutation } from "../verb.ts";
import { CredentialPatch, CredentialView } from "./schemas.ts";
import { announceCredentials, sealSecret } from "./store.ts";
import { credentialView, upstreamNames } from "./view.ts";

/** The kind of a credential whose secret is replaced. 422 where the new secret has not its form. */
function secretKind(kind: string, secret: string): CredentialKindName {
  const known = CredentialKind.parse(kind);
  const problem = findSecretProblem(known, secret);
  if (problem !== null) throw invalidField("/secret", "invalid_secret", problem);
  return known;
}

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
    const replaced =
      changed.secret === undefined ? {} : sealSecret(id, secretKind(before.kind, changed.secret), changed.secret);
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
