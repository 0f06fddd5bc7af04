import {
  createManagementToken,
  getManagementToken,
  listManagementTokens,
  revokeManagementToken,
} from "../../domain/management-token/index.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";

export const managementTokens: readonly Endpoint[] = [
  endpoint({
    method: "GET",
    path: "/management-tokens",
    verb: listManagementTokens,
    summary: "List management tokens, without their secrets",
  }),
  endpoint({
    method: "POST",
    path: "/management-tokens",
    verb: createManagementToken,
    created: "/management-tokens/{id}",
    summary: "Make a token for automation; its secret is in this answer and nowhere else",
  }),
  endpoint({
    method: "GET",
    path: "/management-tokens/{id}",
    verb: getManagementToken,
    summary: "Read a management token, without its secret",
  }),
  endpoint({
    method: "DELETE",
    path: "/management-tokens/{id}",
    verb: revokeManagementToken,
    summary: "Revoke a management token for good, at once",
  }),
];
