import { createJoinToken, deleteJoinToken, listJoinTokens } from "../../domain/join-token/index.ts";
import { getNode, listNodeEvents, listNodes, raiseEpoch, removeNode, updateNode } from "../../domain/node/index.ts";
import { NodePatch } from "../../domain/node/schemas.ts";
import { createNodeBundle } from "../../domain/node-bundle/index.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";
import { nodeGroups } from "./node-groups.ts";

export const nodes: readonly Endpoint[] = [
  ...nodeGroups,
  endpoint({ method: "GET", path: "/nodes", verb: listNodes, summary: "List the gateway nodes as they last reported" }),
  endpoint({ method: "GET", path: "/nodes/{id}", verb: getNode, summary: "Read a node" }),
  endpoint({
    method: "GET",
    path: "/nodes/{id}/events",
    verb: listNodeEvents,
    summary: "List what changed in the health of what a node calls: breakers, credentials, probes",
  }),
  endpoint({
    method: "PATCH",
    path: "/nodes/{id}",
    verb: updateNode,
    patches: NodePatch,
    summary: "Rename a node, drain it, or let it serve again",
  }),
  endpoint({
    method: "DELETE",
    path: "/nodes/{id}",
    verb: removeNode,
    summary: "Remove a node: it is refused from now on",
  }),
  endpoint({
    method: "POST",
    path: "/nodes/raise-epoch",
    verb: raiseEpoch,
    summary: "After a restore from a backup: make every node take this control plane's state anew",
  }),
  endpoint({
    method: "POST",
    path: "/node-bundles",
    verb: createNodeBundle,
    status: 201,
    summary:
      "Export what new nodes of a group start from while the control plane is away; its key is in this answer and nowhere else",
  }),
  endpoint({ method: "GET", path: "/join-tokens", verb: listJoinTokens, summary: "List join tokens" }),
  endpoint({
    method: "POST",
    path: "/join-tokens",
    verb: createJoinToken,
    status: 201,
    summary: "Make a token that lets a node, or so many nodes of a group, join; it is in this answer and nowhere else",
  }),
  endpoint({
    method: "DELETE",
    path: "/join-tokens/{id}",
    verb: deleteJoinToken,
    summary: "Take a join token back",
  }),
];
