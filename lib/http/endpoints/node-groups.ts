import {
  createNodeGroup,
  deleteNodeGroup,
  getNodeGroup,
  listNodeGroups,
  listScalingDecisions,
  updateNodeGroup,
} from "../../domain/node-group/index.ts";
import { NodeGroupPatch } from "../../domain/node-group/schemas.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";

export const nodeGroups: readonly Endpoint[] = [
  endpoint({
    method: "GET",
    path: "/node-groups",
    verb: listNodeGroups,
    summary: "List the groups of nodes, with how busy each is",
  }),
  endpoint({
    method: "POST",
    path: "/node-groups",
    verb: createNodeGroup,
    created: "/node-groups/{id}",
    summary: "Make a group of nodes, and say who scales it and how",
  }),
  endpoint({ method: "GET", path: "/node-groups/{id}", verb: getNodeGroup, summary: "Read a group of nodes" }),
  endpoint({
    method: "PATCH",
    path: "/node-groups/{id}",
    verb: updateNodeGroup,
    patches: NodeGroupPatch,
    summary: "Change who scales a group and how",
  }),
  endpoint({
    method: "DELETE",
    path: "/node-groups/{id}",
    verb: deleteNodeGroup,
    summary: "Remove a group that has no nodes and no join tokens",
  }),
  endpoint({
    method: "GET",
    path: "/node-groups/{id}/decisions",
    verb: listScalingDecisions,
    summary: "List how a group was scaled and why, newest first",
  }),
];
