import type { Endpoint } from "../endpoint.ts";
import { apiKeys } from "./api-keys.ts";
import { approvals } from "./approvals.ts";
import { audit } from "./audit.ts";
import { consumers } from "./consumers.ts";
import { credentials } from "./credentials.ts";
import { declarations } from "./declarations.ts";
import { managementTokens } from "./management-tokens.ts";
import { models } from "./models.ts";
import { nodes } from "./nodes.ts";
import { plans } from "./plans.ts";
import { revisions } from "./revisions.ts";
import { rollouts } from "./rollouts.ts";
import { routes } from "./routes.ts";
import { scheduledPublishes } from "./scheduled-publishes.ts";
import { teams } from "./teams.ts";
import { templates } from "./templates.ts";
import { traffic } from "./traffic.ts";
import { upstreams } from "./upstreams.ts";
import { users } from "./users.ts";

/** The management API. Everything else about it is read from this table: dispatch, permissions, OpenAPI, tests. */
export const ENDPOINTS: readonly Endpoint[] = [
  ...teams,
  ...consumers,
  ...apiKeys,
  ...plans,
  ...upstreams,
  ...credentials,
  ...routes,
  ...models,
  ...templates,
  ...declarations,
  ...revisions,
  ...rollouts,
  ...approvals,
  ...scheduledPublishes,
  ...nodes,
  ...traffic,
  ...audit,
  ...users,
  ...managementTokens,
];
