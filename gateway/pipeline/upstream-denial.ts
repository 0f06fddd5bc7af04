import { retryHeaders } from "#gateway/limits/headers.ts";
import { type AttemptFailure, askedWaitMs } from "./attempt.ts";
import { Denial } from "./denial.ts";

const NOT_REACHED = new Denial("upstream_unavailable", "The upstream could not be reached.", {
  rule: "upstream not reached",
});
const NOT_ALLOWED = new Denial("upstream_unavailable", "The upstream's address is not allowed.", {
  rule: "upstream address not allowed",
});
const BROKEN = new Denial("upstream_error", "The upstream closed the connection without an answer.", {
  rule: "upstream closed the connection",
});

/**
 * What the caller is told when the last attempt failed and nothing is out: nothing that the upstream wrote, but for what it
 * says of a failure within a translated stream, which never holds our credential.
 */
export function upstreamDenial(failure: AttemptFailure, nowMs: number): Denial {
  switch (failure.reason) {
    case "connect":
      return NOT_REACHED;
    case "address_not_allowed":
      return NOT_ALLOWED;
    case "answer":
      return new Denial("upstream_error", failure.problem ?? "The upstream's answer could not be understood.", {
        rule: "upstream answer unusable",
      });
    case "reset":
    case "cancelled":
      return BROKEN;
    case "timeout_connect":
    case "timeout_first_byte":
    case "timeout_idle":
    case "timeout_total":
      return new Denial("upstream_timeout", "The upstream did not answer in time.", { rule: failure.reason });
    case "status":
      return statusDenial(failure, nowMs);
  }
}

function statusDenial({ status, headers }: AttemptFailure, nowMs: number): Denial {
  const waitMs = askedWaitMs(headers, nowMs);
  const retry = waitMs === null ? [] : retryHeaders(waitMs);
  if (status === 429) {
    return new Denial("rate_limit_exceeded", "The upstream's own rate limit is reached.", {
      rule: "upstream status 429",
      headers: retry,
    });
  }
  const isOurs = status === 401 || status === 403 || status === 407;
  const message = isOurs
    ? `The upstream refused the gateway's credential (status ${status}).`
    : `The upstream answered with status ${status}.`;
  return new Denial("upstream_error", message, { rule: `upstream status ${status}`, headers: retry });
}
