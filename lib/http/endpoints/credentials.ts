import {
  createCredential,
  deleteCredential,
  getCredential,
  listCredentials,
  updateCredential,
} from "../../domain/credential/index.ts";
import { CredentialPatch } from "../../domain/credential/schemas.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";

export const credentials: readonly Endpoint[] = [
  endpoint({
    method: "GET",
    path: "/credentials",
    verb: listCredentials,
    summary: "List upstreams' credentials, without their secrets",
  }),
  endpoint({
    method: "POST",
    path: "/credentials",
    verb: createCredential,
    created: "/credentials/{id}",
    summary: "Give an upstream a further credential, used on every node at once",
  }),
  endpoint({
    method: "GET",
    path: "/credentials/{id}",
    verb: getCredential,
    summary: "Read a credential, without its secret",
  }),
  endpoint({
    method: "PATCH",
    path: "/credentials/{id}",
    verb: updateCredential,
    patches: CredentialPatch,
    summary: "Rename a credential or replace its secret, on every node at once",
  }),
  endpoint({
    method: "DELETE",
    path: "/credentials/{id}",
    verb: deleteCredential,
    summary: "Take a credential from every node at once",
  }),
];
