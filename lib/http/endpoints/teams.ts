import { createTeam, deleteTeam, getTeam, listTeams, updateTeam } from "../../domain/team/index.ts";
import { TeamInput } from "../../domain/team/schemas.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";

export const teams: readonly Endpoint[] = [
  endpoint({ method: "GET", path: "/teams", verb: listTeams, summary: "List the teams in reach" }),
  endpoint({ method: "POST", path: "/teams", verb: createTeam, created: "/teams/{id}", summary: "Make a team" }),
  endpoint({ method: "GET", path: "/teams/{id}", verb: getTeam, summary: "Read a team" }),
  endpoint({ method: "PATCH", path: "/teams/{id}", verb: updateTeam, patches: TeamInput, summary: "Rename a team" }),
  endpoint({
    method: "DELETE",
    path: "/teams/{id}",
    verb: deleteTeam,
    summary: "Remove a team that owns no consumers",
  }),
];
