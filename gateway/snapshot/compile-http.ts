import type { HeaderRewrite, HttpRule } from "#lib/contract/http-rule.ts";
import { compileQuery, compileRewrite, compileTemplate } from "#lib/policy/http-path.ts";
import type { CompiledHeaders, CompiledHttp } from "./snapshot.ts";

function compileHeaders({ set, remove }: HeaderRewrite): CompiledHeaders {
  return { dropped: new Set([...remove, ...Object.keys(set)]), added: Object.entries(set).flat() };
}

/** Works out once what every REST call of a version is held to. */
export function compileHttp(rule: HttpRule): CompiledHttp {
  return {
    methods: new Set(rule.methods),
    allow: rule.methods.join(", "),
    templates: rule.paths.map(compileTemplate),
    rewrite: compileRewrite(rule.stripPrefix, rule.rewritePath),
    query: compileQuery(rule.query.set, rule.query.remove),
    request: compileHeaders(rule.requestHeaders),
    response: compileHeaders(rule.responseHeaders),
  };
}
