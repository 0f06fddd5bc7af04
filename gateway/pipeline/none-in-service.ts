import { retryHeaders } from "#gateway/limits/headers.ts";
import type { CompiledVersion } from "#gateway/snapshot/snapshot.ts";
import { Denial } from "./denial.ts";
import type { PipelineParts } from "./parts.ts";

/**
 * Every target of a version is out of service: the caller is told when the first one is tried again. Where it is only the
 * upstreams' own rate limits that stand in the way, the answer is the one these gave.
 */
export function noneInService(version: CompiledVersion, parts: PipelineParts): Denial {
  const { waitMs, isLimited } = parts.balancer.outlook(version);
  const headers = waitMs > 0 ? retryHeaders(waitMs) : [];
  if (isLimited && waitMs > 0) {
    return new Denial("rate_limit_exceeded", "The upstream's own rate limit is reached.", {
      rule: "every upstream of this model asked to be waited for",
      headers,
    });
  }
  return new Denial("upstream_unavailable", "No upstream of this model is in service.", { rule: "no target", headers });
}
