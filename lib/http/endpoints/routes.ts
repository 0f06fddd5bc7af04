import {
  createRoute,
  createVersion,
  deleteRoute,
  deleteVersion,
  getRoute,
  getVersion,
  listCallers,
  listRoutes,
  listVersions,
  purgeRouteCache,
  updateRoute,
  updateVersion,
} from "../../domain/route/index.ts";
import { RoutePatch, VersionPatch } from "../../domain/route/schemas.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";

export const routes: readonly Endpoint[] = [
  endpoint({ method: "GET", path: "/routes", verb: listRoutes, summary: "List the routes of the draft" }),
  endpoint({
    method: "POST",
    path: "/routes",
    verb: createRoute,
    created: "/routes/{id}",
    summary: "Add a route with its first version to the draft",
  }),
  endpoint({ method: "GET", path: "/routes/{id}", verb: getRoute, summary: "Read a route of the draft" }),
  endpoint({
    method: "PATCH",
    path: "/routes/{id}",
    verb: updateRoute,
    patches: RoutePatch,
    summary: "Rename a route or move its default version, in the draft",
  }),
  endpoint({ method: "DELETE", path: "/routes/{id}", verb: deleteRoute, summary: "Take a route out of the draft" }),
  endpoint({
    method: "POST",
    path: "/routes/{id}/purge-cache",
    verb: purgeRouteCache,
    summary: "Throw away what nodes keep of a route's answers, on every node at once",
  }),
  endpoint({
    method: "GET",
    path: "/routes/{id}/versions",
    verb: listVersions,
    summary: "List the versions of a route",
  }),
  endpoint({
    method: "POST",
    path: "/routes/{id}/versions",
    verb: createVersion,
    created: "/routes/{id}/versions/{version}",
    summary: "Add a version to a route in the draft; the default stays where it is",
  }),
  endpoint({
    method: "GET",
    path: "/routes/{id}/versions/{version}",
    verb: getVersion,
    summary: "Read a version of a route",
  }),
  endpoint({
    method: "GET",
    path: "/routes/{id}/versions/{version}/callers",
    verb: listCallers,
    summary: "List who called a version in the last days, and how",
  }),
  endpoint({
    method: "PATCH",
    path: "/routes/{id}/versions/{version}",
    verb: updateVersion,
    patches: VersionPatch,
    summary: "Change a version's targets or its life, in the draft",
  }),
  endpoint({
    method: "DELETE",
    path: "/routes/{id}/versions/{version}",
    verb: deleteVersion,
    summary: "Take a version out of the draft",
  }),
];
