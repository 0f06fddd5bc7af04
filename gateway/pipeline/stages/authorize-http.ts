import type { CompiledHttp, CompiledRoute, CompiledVersion } from "#gateway/snapshot/snapshot.ts";
import { admitToRoute } from "#lib/policy/admit-caller.ts";
import {
  matchesTemplate,
  PathProblem,
  type PathTemplate,
  pathSegments,
  rewritePath,
  rewriteQuery,
} from "#lib/policy/http-path.ts";
import { admitConsumer } from "../admit-consumer.ts";
import { admitVersion } from "../admit-version.ts";
import { apiName, apiPath } from "../api-name.ts";
import type { Call } from "../call.ts";
import { ALLOW, Denial, type StageResult } from "../denial.ts";
import type { PipelineParts, Stage } from "../parts.ts";

const NO_API = new Denial("not_found", "There is no API of this name, or no such version of it.", {
  rule: "no such route of kind http",
});
const TWO_VERSIONS = new Denial("invalid_request", "The path and x-api-version pin different versions.", {
  rule: "two versions",
});
const NO_UPGRADE = new Denial(
  "invalid_request",
  "The gateway passes on requests and answers, not upgraded connections.",
  {
    rule: "upgrade",
  },
);

function asksUpgrade(rawHeaders: readonly string[]): boolean {
  for (let place = 0; place + 1 < rawHeaders.length; place += 2) {
    const name = rawHeaders[place] ?? "";
    if (name.length === 7 && name.toLowerCase() === "upgrade") return true;
  }
  return false;
}

function firstMatch(templates: readonly PathTemplate[], segments: readonly string[]): PathTemplate | undefined {
  for (const template of templates) if (matchesTemplate(template, segments)) return template;
  return undefined;
}

/** Sets what the call asks of its upstream, or says why the version does not serve it. */
function admitPath(call: Call, http: CompiledHttp): Denial | null {
  const { path, query } = apiPath(call.request.pathTail ?? "");
  const segments = pathSegments(path);
  if (segments instanceof PathProblem) return new Denial("invalid_request", segments.message, { rule: "path" });
  const template = firstMatch(http.templates, segments);
  if (template === undefined) {
    return new Denial("not_found", "This API has nothing at this path.", { rule: "no path of the route matches" });
  }
  if (!http.methods.has(call.request.method)) {
    return new Denial("method_not_allowed", `This API takes ${http.allow} only.`, {
      rule: `method, at ${template.text}`,
      headers: ["allow", http.allow],
    });
  }
  const changed = rewriteQuery(query ?? "", http.query);
  if (changed instanceof PathProblem) return new Denial("invalid_request", changed.message, { rule: "query" });
  const rewritten = rewritePath(http.rewrite, template, segments);
  call.http = { template: template.text, target: changed === "" ? rewritten : `${rewritten}?${changed}` };
  return null;
}

/** Whether this consumer's plan, and this key, may call the API that is named, and whether the version serves what is asked. */
export const authorizeHttp: Stage = {
  name: "authorize",
  isNeeded: (needs) => needs.isHttp,
  hasOwnDeadline: false,
  run(call: Call, parts: PipelineParts): StageResult {
    const plan = admitConsumer(call, parts.staleMs);
    if (plan instanceof Denial) return plan;
    if (call.apiKey === null) throw new Error("A call reached authorize without a key");
    const name = apiName(call.request.pathTail ?? "");
    const found = admitToRoute<CompiledVersion, CompiledRoute>(call.snapshot.routes, {
      kind: "http",
      model: name,
      versionHeader: call.versionHeader,
      plan: plan.routes,
      key: call.apiKey.routes,
    });
    if (found.kind === "conflict") return TWO_VERSIONS;
    if (found.kind === "not_found") return NO_API;
    const { route } = found;
    if (found.kind === "not_allowed") {
      return new Denial("route_not_allowed", "This key may not call this API.", {
        rule: `plan ${plan.name} and key do not allow ${route.name}`,
      });
    }
    const { version } = found;
    const retired = admitVersion(call, route, version, parts.nowMs());
    if (retired !== null) return retired;
    if (asksUpgrade(call.request.rawHeaders)) return NO_UPGRADE;
    if (version.http === null) throw new Error("A version of kind http came without its rule");
    const denial = admitPath(call, version.http);
    if (denial !== null) return denial;
    const facts = { version: version.version, method: call.request.method, path: call.http?.template ?? "" };
    call.allow("authorize", `plan ${plan.name} allows ${route.name}`, facts);
    return ALLOW;
  },
};
