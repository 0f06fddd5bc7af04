// Writes docs/errors.md from the code lists, so that every code that can be answered is explained. Run by
// `npm run docs:errors`; a unit test refuses a page that is out of date.

import { writeFileSync } from "node:fs";
import path from "node:path";
import { GATEWAY_ERRORS, type GatewayErrorCode } from "#lib/contract/error-code.ts";
import { DOMAIN_ERRORS, type DomainErrorCode } from "#lib/domain/errors.ts";
import { HTTP_ERRORS, type HttpErrorCode } from "#lib/http/http-error.ts";
import { projectRoot } from "#scripts/project-root.ts";

const GATEWAY: Record<GatewayErrorCode, string> = {
  invalid_api_key:
    "The key is missing, mistyped, revoked, or sent twice with different values. Check the header; issue a new key.",
  key_expired: "The key's expiry has passed. Move the expiry, or issue a new key.",
  consumer_suspended:
    "An admin suspended the consumer, or its plan is unknown to the node. The reason is on the consumer's page.",
  model_not_allowed:
    "The route exists, but the plan or the key does not allow it. Add it to the plan, or widen the key's routes.",
  route_not_allowed:
    "The API exists, but the plan or the key does not allow it. Add its route to the plan, or widen the key's.",
  model_not_found: "No published route or version has this name. `GET /v1/models` lists what the key may call.",
  not_found: "The gateway has no such path.",
  method_not_allowed: "The path exists with another method; `Allow` names it.",
  not_supported: "Files, batches, fine-tuning, realtime and what else this release does not carry.",
  version_retired: "The pinned version is retired. The message names its successor.",
  request_too_large: "The body is larger than 32 MiB.",
  unsupported_encoding: "Send the body without content encoding.",
  invalid_request: "The body is not what the dialect says: the message names the parameter.",
  action_not_supported:
    "None of the route's upstreams can serve this kind of call. Use another model, or give the route such an upstream.",
  unsupported_parameter:
    "The upstream behind the model speaks another dialect, which has no such parameter. Leave it out, use another model, or have the route's version drop what cannot be carried.",
  guardrail_blocked: "A guardrail of the route version refuses the call, or its answer: the message names it.",
  rate_limit_exceeded: "The plan's request rate is used up. `retry-after` says when to come again.",
  upstream_error:
    "The upstream answered with an error of its own or broke the connection. See the attempts in the call's decision.",
  upstream_unavailable:
    "No target could be reached, or every one is out of service: `retry-after` is the next trial. Check the Upstreams page and the address guard.",
  upstream_timeout: "The upstream was slower than the route's or upstream's timeouts allow.",
  policy_failure:
    "A policy stage failed; the call was refused rather than let through. The node's log has the error under the request id.",
  usage_unavailable:
    "The node's disk for usage events is full, and it does not serve what it cannot account for. Free space, or bring the control plane back.",
  revision_behind:
    "The node has not yet applied the revision that knows the consumer's plan. It clears up by itself within a second; else see the Nodes page.",
  node_stale:
    "The node has been without the control plane for longer than the caller's plan allows (`maxStaleSeconds`). It clears up by itself once the control plane is back; another node may answer.",
  draining: "The node is being stopped. Come again: another node answers.",
};

const DOMAIN: Record<DomainErrorCode, string> = {
  unauthenticated: "No session or management token, or one that has ended.",
  node_removed: "To a node only: it was removed, and stops. To come back it needs a new join token.",
  clock_skew:
    "To a node only: its request is dated far from the control plane's clock. It corrects itself by the answer.",
  request_replayed: "To a node only: this signed request was taken already.",
  permission_denied: "The role lacks the permission that the message names.",
  not_found: "It does not exist, or is not yours to know of.",
  invalid_request: "`errors[]` names each field with a pointer, a code and the remedy.",
  not_supported: "The contract has it, this release does not enforce it, so it is refused rather than ignored.",
  private_address:
    "A loopback or private address needs `allowPrivateNetwork` and its permission; link-local and metadata addresses are never allowed.",
  conflict: "The thing's state does not allow this. The message says what to do.",
  name_taken: "Another one has this name.",
  in_use: "Something still depends on it. The message says what.",
  plan_in_use: "A live consumer is on the plan that would go away. Move it first.",
  plan_not_published: "The plan is in no active revision. Publish the draft first.",
  incompatible_version:
    "A new or changed version takes an action or a parameter away from recorded callers of its major. Give it a new major number, or publish with `incompatibleBecause`.",
  version_not_supported:
    "The node's release and the control plane's are more than one minor number apart. Update the older one.",
  draft_invalid: "The draft has problems; `errors[]` lists them all.",
  nothing_to_publish: "The draft does not differ from the active revision.",
  rollout_running: "A canary is under way. Promote it or abort it first: `POST /rollouts/{id}/promote` or `/abort`.",
  rollout_over: "This rollout was promoted or rolled back already. A rollback undoes a promotion.",
  rollout_impossible:
    "A canary needs a node that takes it and one to compare it with: both serve, do not drain, and the first is not in quarantine.",
  approval_required:
    "Another person must approve exactly this draft first: `POST /approvals`, then somebody else's `POST /approvals/{id}/approve`.",
  approval_void: "The draft has changed since the approval was requested. Request another one.",
  own_approval:
    "Whoever asks for an approval, or whose token did, cannot give it, and no token can: another person must.",
  precondition_failed: "It was changed since you read it. Read again and repeat the change.",
  precondition_required: "Send `If-Match` with the ETag you read.",
  too_many_requests: "Come again after `retry-after`.",
  idempotency_mismatch: "This `Idempotency-Key` was used with another body.",
};

const HTTP: Record<HttpErrorCode, string> = {
  invalid_json: "The body is not JSON, or has the same key twice.",
  invalid_header: "A header has a form it cannot have; the message names it.",
  cross_site: "A change with a session cookie must come from the console's own pages.",
  unknown_path: "There is no such endpoint; see `/docs/api`.",
  method_not_allowed: "`Allow` lists the methods of this path.",
  request_timeout: "The body did not arrive in time.",
  request_too_large: "The body is larger than the API takes.",
  unsupported_media_type: "Send `application/json` (or `application/merge-patch+json` with PATCH).",
  too_many_requests: "This credential calls too fast. Come again after `retry-after`.",
  unavailable: "The database or a bound of the control plane does not allow it now. Come again.",
};

/** The page's text. */
export function errorsPage(): string {
  const gateway = Object.entries(GATEWAY).map(([code, check]) =>
    row(code, statusOf(GATEWAY_ERRORS, code).status, check),
  );
  const domain = Object.entries(DOMAIN).map(([code, check]) => row(code, statusOf(DOMAIN_ERRORS, code), check));
  const http = Object.entries(HTTP).map(([code, check]) => row(code, statusOf(HTTP_ERRORS, code), check));
  const head = ["| code | status | what to check |", "|---|---|---|"];
  return [
    "# Errors",
    "",
    "Written by `npm run docs:errors` from the code lists.",
    "",
    "## Gateway",
    "",
    'In the dialect spoken; for OpenAI `{"error":{"message","type","param","code"}}`. Every answer has `x-request-id`: the',
    "Requests page explains the call under it.",
    "",
    ...head,
    ...gateway,
    "",
    "## Management API",
    "",
    "`application/problem+json` (RFC 9457) with `code` and `errors[]`.",
    "",
    ...head,
    ...domain,
    ...http.filter((line) => !domain.includes(line)),
    "",
  ].join("\n");
}

function row(code: string, status: number, check: string): string {
  return `| \`${code}\` | ${status} | ${check} |`;
}

function statusOf<T>(list: Record<string, T>, code: string): T {
  const status = list[code];
  if (status === undefined) throw new Error(`No status for ${code}`);
  return status;
}

if (import.meta.main) writeFileSync(path.join(projectRoot, "docs/errors.md"), errorsPage());
