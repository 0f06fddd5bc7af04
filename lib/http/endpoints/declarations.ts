import {
  applyDeclaration,
  exportDeclaration,
  listDeclarations,
  planDeclaration,
  releaseDeclaration,
} from "../../domain/declaration/index.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";

/** One request of a declaration stands for as many as it changes things. */
const WEIGHT = 20;

export const declarations: readonly Endpoint[] = [
  endpoint({
    method: "GET",
    path: "/declarations",
    verb: listDeclarations,
    summary: "List the declarations that own something, with how much",
  }),
  endpoint({
    method: "GET",
    path: "/declarations/export",
    verb: exportDeclaration,
    summary: "The installation as a declaration, secrets as references",
    weight: WEIGHT,
  }),
  endpoint({
    method: "POST",
    path: "/declarations/plan",
    verb: planDeclaration,
    summary: "What applying a declaration would change, and what was changed by hand since it was last applied",
    weight: WEIGHT,
  }),
  endpoint({
    method: "POST",
    path: "/declarations/apply",
    verb: applyDeclaration,
    summary: "Apply a declaration, all of it or nothing; If-Match with a plan's ETag applies only what was planned",
    weight: WEIGHT,
  }),
  endpoint({
    method: "DELETE",
    path: "/declarations/{name}",
    verb: releaseDeclaration,
    summary: "Release what a declaration owns; nothing of it is changed",
  }),
];
