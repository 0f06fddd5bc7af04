import { z } from "zod";
import { issueWords } from "#components/forms/issue-words.ts";
import { type HeaderRewrite, HttpMethod, HttpRule } from "#lib/contract/http-rule.ts";

/** How a REST API is served, in a form: lists as lines of text, and nothing as an empty box. */
export const HttpBoxes = z.object({
  methods: z.array(HttpMethod),
  paths: z.string(),
  stripPrefix: z.string(),
  rewritePath: z.string(),
  requestSet: z.string(),
  requestRemove: z.string(),
  responseSet: z.string(),
  responseRemove: z.string(),
  querySet: z.string(),
  queryRemove: z.string(),
});
export type HttpBoxes = z.infer<typeof HttpBoxes>;
export type HttpBox = keyof HttpBoxes;

const lines = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

const names = (text: string): string[] =>
  text
    .split(/[\s,]+/)
    .map((name) => name.trim())
    .filter((name) => name !== "");

/** Lines such as "x-tenant: acme" as names and values; a line without the sign is a name with nothing. */
function pairs(text: string, sign: ":" | "="): Record<string, string> {
  return Object.fromEntries(
    lines(text).map((line) => {
      const at = line.indexOf(sign);
      return at === -1 ? [line, ""] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    }),
  );
}

const written = (set: Readonly<Record<string, string>>, sign: string): string =>
  Object.entries(set)
    .map(([name, value]) => `${name}${sign}${value}`)
    .join("\n");

/** A stored rule as boxes; for none, what a new API starts with. */
export function httpBoxes(rule: HttpRule | null): HttpBoxes {
  return {
    methods: rule?.methods ?? ["GET"],
    paths: rule === null ? "/**" : rule.paths.join("\n"),
    stripPrefix: rule?.stripPrefix ?? "",
    rewritePath: rule?.rewritePath ?? "",
    requestSet: written(rule?.requestHeaders.set ?? {}, ": "),
    requestRemove: (rule?.requestHeaders.remove ?? []).join(", "),
    responseSet: written(rule?.responseHeaders.set ?? {}, ": "),
    responseRemove: (rule?.responseHeaders.remove ?? []).join(", "),
    querySet: written(rule?.query.set ?? {}, "="),
    queryRemove: (rule?.query.remove ?? []).join(", "),
  };
}

/** Boxes as the rule that the API takes, not yet checked. */
function asRule(boxes: HttpBoxes): z.input<typeof HttpRule> {
  return {
    methods: boxes.methods,
    paths: lines(boxes.paths),
    ...(boxes.stripPrefix.trim() === "" ? {} : { stripPrefix: boxes.stripPrefix.trim() }),
    ...(boxes.rewritePath.trim() === "" ? {} : { rewritePath: boxes.rewritePath.trim() }),
    requestHeaders: { set: pairs(boxes.requestSet, ":"), remove: names(boxes.requestRemove) },
    responseHeaders: { set: pairs(boxes.responseSet, ":"), remove: names(boxes.responseRemove) },
    query: { set: pairs(boxes.querySet, "="), remove: names(boxes.queryRemove) },
  };
}

/** The rule that boxes stand for. Throws for boxes in which `httpProblems` finds something. */
export function httpRule(boxes: HttpBoxes): HttpRule {
  return HttpRule.parse(asRule(boxes));
}

/** Under which box a part of a rule stands. */
function boxOf(path: readonly PropertyKey[]): HttpBox {
  const [part, list] = path;
  if (part === "requestHeaders") return list === "set" ? "requestSet" : "requestRemove";
  if (part === "responseHeaders") return list === "set" ? "responseSet" : "responseRemove";
  if (part === "query") return list === "set" ? "querySet" : "queryRemove";
  if (part === "methods" || part === "stripPrefix" || part === "rewritePath") return part;
  return "paths";
}

/** What is wrong with boxes, box by box: the line or name it is about, and why. */
export function httpProblems(boxes: HttpBoxes): { box: HttpBox; message: string }[] {
  const rule = asRule(boxes);
  const found = HttpRule.safeParse(rule, { error: issueWords });
  return (found.error?.issues ?? []).map(({ path, message }) => {
    const last = path.at(-1);
    const about =
      path[0] === "paths" && typeof last === "number"
        ? rule.paths[last]
        : typeof last === "string" && path.length > 2
          ? last
          : undefined;
    return { box: boxOf(path), message: about === undefined ? message : `${about}: ${message}` };
  });
}

function setPatch(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>) {
  const gone = Object.keys(before).filter((name) => !Object.hasOwn(after, name));
  return { ...Object.fromEntries(gone.map((name) => [name, null])), ...after };
}

const headersPatch = (before: HeaderRewrite, after: HeaderRewrite) => ({
  set: setPatch(before.set, after.set),
  remove: after.remove,
});

/** A rule as a merge patch of another: what is gone is null, so that it does not stay. */
export function httpPatch(before: HttpRule | null, after: HttpRule) {
  if (before === null) return after;
  return {
    ...after,
    stripPrefix: after.stripPrefix ?? null,
    rewritePath: after.rewritePath ?? null,
    requestHeaders: headersPatch(before.requestHeaders, after.requestHeaders),
    responseHeaders: headersPatch(before.responseHeaders, after.responseHeaders),
    query: { set: setPatch(before.query.set, after.query.set), remove: after.query.remove },
  };
}
