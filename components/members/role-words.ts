import type { Permission, Role } from "#lib/contract/permissions.ts";

/** Each role in a sentence. */
export const roleWords: Record<Role, string> = {
  owner: "Everything, and the only one who appoints owners.",
  admin: "Everything but appointing owners and changing the rules of publishing.",
  operator: "Reads all; changes policy, nodes, consumers and keys.",
  auditor: "Reads all and verifies the audit; changes nothing.",
  developer: "Their own teams: consumers, keys and usage.",
};

/** What each permission lets a person do, by subject. */
export const permissionGroups: readonly {
  subject: string;
  permissions: readonly (readonly [Permission, string])[];
}[] = [
  {
    subject: "Access",
    permissions: [
      ["team.read", "See teams"],
      ["team.write", "Add, rename and delete teams"],
      ["consumer.read", "See consumers"],
      ["consumer.write", "Add, move, suspend and delete consumers"],
      ["apiKey.read", "See API keys, without their secrets"],
      ["apiKey.write", "Issue, edit and revoke API keys"],
      ["plan.read", "See plans"],
      ["plan.write", "Edit plans in the draft"],
    ],
  },
  {
    subject: "Traffic",
    permissions: [
      ["model.read", "See the catalogue: published routes, models and prices"],
      ["price.write", "Set a model's price in the place of the price list"],
      ["route.read", "See routes and their targets"],
      ["route.write", "Edit routes in the draft"],
      ["upstream.read", "See upstreams"],
      ["upstream.write", "Edit upstreams in the draft"],
      ["upstream.privateNetwork", "Point an upstream, or a group's webhook, at a private address"],
      ["credential.read", "See that a credential exists, never its secret"],
      ["credential.write", "Set and replace credentials"],
      ["draft.read", "See the draft and its problems"],
      ["draft.discard", "Discard the draft"],
      ["declaration.read", "Plan and export policy as code"],
      ["declaration.write", "Apply policy as code, as far as they may change what is in it"],
      ["revision.read", "See revisions"],
      ["revision.publish", "Publish and roll back"],
      ["revision.approve", "Approve what somebody else wants to publish"],
      ["node.read", "See nodes"],
      ["node.write", "Drain and remove nodes"],
      ["joinToken.read", "See join tokens"],
      ["joinToken.write", "Make join tokens for new nodes"],
      ["nodeGroup.read", "See groups of nodes and how they were scaled"],
      ["nodeGroup.write", "Make groups of nodes and say how they scale"],
      ["nodeBundle.create", "Export node bundles, which hold upstreams' secrets"],
      ["epoch.raise", "Raise the epoch after a restore"],
    ],
  },
  {
    subject: "Insight",
    permissions: [
      ["usage.read", "See usage and cost"],
      ["request.read", "See single calls"],
      ["audit.read", "Read the audit"],
      ["audit.verify", "Verify that the audit is whole"],
    ],
  },
  {
    subject: "People",
    permissions: [
      ["me.read", "See their own account"],
      ["me.write", "Change their own password, end their own sessions"],
      ["user.read", "See members and their sessions"],
      ["user.write", "Add and change members, up to their own role"],
      ["managementToken.read", "See management tokens"],
      ["managementToken.write", "Make and revoke management tokens"],
      ["settings.read", "See the rules of publishing"],
      ["settings.write", "Change the rules of publishing"],
    ],
  },
];
