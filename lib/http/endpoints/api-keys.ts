import { getApiKey, listApiKeys, revokeApiKey, updateApiKey } from "../../domain/api-key/index.ts";
import { ApiKeyInput } from "../../domain/api-key/schemas.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";

export const apiKeys: readonly Endpoint[] = [
  endpoint({
    method: "GET",
    path: "/api-keys",
    verb: listApiKeys,
    summary: "List the keys in reach, without their secrets",
  }),
  endpoint({ method: "GET", path: "/api-keys/{id}", verb: getApiKey, summary: "Read a key, without its secret" }),
  endpoint({
    method: "PATCH",
    path: "/api-keys/{id}",
    verb: updateApiKey,
    patches: ApiKeyInput,
    summary: "Rename a key or change its expiry and routes, on every node at once",
  }),
  endpoint({
    method: "DELETE",
    path: "/api-keys/{id}",
    verb: revokeApiKey,
    summary: "Revoke a key for good, on every node at once",
  }),
];
