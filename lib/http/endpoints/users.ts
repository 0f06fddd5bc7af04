import { changeOwnPassword, getMe } from "../../domain/me/index.ts";
import { listSessions, revokeSession } from "../../domain/session/index.ts";
import { createUser, deleteUser, getUser, listUsers, resetPassword, updateUser } from "../../domain/user/index.ts";
import { UserPatch } from "../../domain/user/schemas.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";

/** A password is made slowly on purpose: such a request weighs as much as this many others. */
const PASSWORD_WEIGHT = 20;
/** Whoever has found an open session must not be able to guess its password: one try a second, ten at once. */
const GUESS_WEIGHT = 200;

export const users: readonly Endpoint[] = [
  endpoint({ method: "GET", path: "/me", verb: getMe, summary: "Who is asking, and what they may do" }),
  endpoint({
    method: "POST",
    path: "/me/password",
    verb: changeOwnPassword,
    weight: GUESS_WEIGHT,
    summary: "Change one's own password and end one's other sessions",
  }),
  endpoint({
    method: "GET",
    path: "/sessions",
    verb: listSessions,
    summary: "List the open sessions, one's own or with userId somebody's",
  }),
  endpoint({ method: "DELETE", path: "/sessions/{id}", verb: revokeSession, summary: "End a session at once" }),
  endpoint({ method: "GET", path: "/users", verb: listUsers, summary: "List the people of the organisation" }),
  endpoint({
    method: "POST",
    path: "/users",
    verb: createUser,
    created: "/users/{id}",
    weight: PASSWORD_WEIGHT,
    summary: "Add a person; without a password one is made and shown in this answer only",
  }),
  endpoint({ method: "GET", path: "/users/{id}", verb: getUser, summary: "Read a person" }),
  endpoint({
    method: "PATCH",
    path: "/users/{id}",
    verb: updateUser,
    patches: UserPatch,
    summary: "Change a person's role, teams or name, or disable them, in force at once",
  }),
  endpoint({
    method: "DELETE",
    path: "/users/{id}",
    verb: deleteUser,
    summary: "Remove a person and end their sessions",
  }),
  endpoint({
    method: "POST",
    path: "/users/{id}/password",
    verb: resetPassword,
    weight: PASSWORD_WEIGHT,
    summary: "Give a person another password and end their sessions",
  }),
];
