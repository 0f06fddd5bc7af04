/** The codes a gateway node answers with: status, OpenAI error type, and whether a client may try again by itself. */
export const GATEWAY_ERRORS = {
  invalid_api_key: { status: 401, type: "authentication_error" },
  key_expired: { status: 401, type: "authentication_error" },
  consumer_suspended: { status: 403, type: "permission_error" },
  model_not_allowed: { status: 403, type: "permission_error" },
  /** The same for an API behind a route of kind `http`. */
  route_not_allowed: { status: 403, type: "permission_error" },
  model_not_found: { status: 404, type: "invalid_request_error" },
  not_found: { status: 404, type: "invalid_request_error" },
  method_not_allowed: { status: 405, type: "invalid_request_error" },
  not_supported: { status: 404, type: "invalid_request_error" },
  version_retired: { status: 410, type: "invalid_request_error" },
  request_too_large: { status: 413, type: "invalid_request_error" },
  unsupported_encoding: { status: 415, type: "invalid_request_error" },
  invalid_request: { status: 400, type: "invalid_request_error" },
  /** No target of the model can serve what was asked for. */
  action_not_supported: { status: 400, type: "invalid_request_error" },
  /** A parameter that the target's dialect cannot carry, or that no reader understands. */
  unsupported_parameter: { status: 400, type: "invalid_request_error" },
  /** A guardrail of the route version refuses the call, or its answer. */
  guardrail_blocked: { status: 400, type: "invalid_request_error" },
  rate_limit_exceeded: { status: 429, type: "rate_limit_error" },
  upstream_error: { status: 502, type: "upstream_error" },
  upstream_unavailable: { status: 503, type: "upstream_error" },
  upstream_timeout: { status: 504, type: "upstream_error" },
  policy_failure: { status: 503, type: "gateway_error" },
  /** The node cannot record what a call used (its spool is full), so it makes none. */
  usage_unavailable: { status: 503, type: "gateway_error" },
  revision_behind: { status: 503, type: "gateway_error" },
  /** The node has been without the control plane for longer than the caller's plan allows. */
  node_stale: { status: 503, type: "gateway_error" },
  draining: { status: 503, type: "gateway_error" },
} as const satisfies Record<string, { status: number; type: string }>;

export type GatewayErrorCode = keyof typeof GATEWAY_ERRORS;
