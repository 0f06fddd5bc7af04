import { z } from "zod";

/** Methods a REST route may serve. `CONNECT` and `TRACE` never reach an upstream. */
export const HTTP_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;
export const HttpMethod = z.enum(HTTP_METHODS);
export type HttpMethod = z.infer<typeof HttpMethod>;

/** A segment that stands for itself: RFC 3986's pchar without percent-encoding, and no `.` or `..`. */
const LITERAL = /^(?!\.{1,2}$)[A-Za-z0-9._~!$&'()*+,;=:@-]+$/;
const PARAMETER = /^\{[A-Za-z_][A-Za-z0-9_]{0,39}\}$/;
const REST = "**";

/** Why a path template is none, in words; null when it is one. */
export function pathTemplateProblem(template: string): string | null {
  if (!template.startsWith("/")) return 'must start with "/"';
  const segments = template.slice(1).split("/");
  const names = new Set<string>();
  for (const [place, segment] of segments.entries()) {
    const isLast = place === segments.length - 1;
    if (segment === REST) {
      if (!isLast) return '"**" may stand at the end only';
    } else if (segment === "") {
      if (!isLast) return "must not have an empty segment";
    } else if (segment.startsWith("{")) {
      if (!PARAMETER.test(segment)) return "a parameter is a whole segment: {name} of letters, digits and _";
      if (names.has(segment)) return `names ${segment} twice`;
      names.add(segment);
    } else if (!LITERAL.test(segment) || segment.includes(REST)) {
      return "a segment is plain characters, {name}, or ** at the end";
    }
  }
  return null;
}

/** Names of the parameters of a template, with "**" where it ends in one. */
export function templateNames(template: string): Set<string> {
  return new Set(template.split("/").filter((segment) => segment === REST || PARAMETER.test(segment)));
}

const PathTemplate = z
  .string()
  .max(500)
  .superRefine((template, context) => {
    const message = pathTemplateProblem(template);
    if (message !== null) context.addIssue({ code: "custom", message });
  });

const TOKEN = /^[a-z0-9!#$%&'*+.^_`|~-]+$/;
/** What belongs to the connection, the body's framing, who asks, or the gateway itself: no rule touches it. */
const FIXED_HEADERS =
  /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|host|content-length|expect|authorization|cookie2?|set-cookie2?|forwarded|via|x-forwarded-.*|x-real-ip|x-turnpike-.*|x-request-id|traceparent|http2-settings)$/;

const HeaderName = z
  .string()
  .max(100)
  .transform((name) => name.toLowerCase())
  .pipe(
    z
      .string()
      .regex(TOKEN, "is not the name of a header")
      .refine((name) => !FIXED_HEADERS.test(name), "is not for a route to change"),
  );
const HeaderValue = z
  .string()
  .max(2_000)
  .regex(/^(?:[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)?$/, "must be printable ASCII without spaces around it");

export const HeaderRewrite = z.strictObject({
  /** Replaces what was sent, or adds. */
  set: z.record(HeaderName, HeaderValue).default({}),
  remove: z.array(HeaderName).max(50).default([]),
});
export type HeaderRewrite = z.infer<typeof HeaderRewrite>;

const ParameterName = z.string().min(1).max(200);
export const QueryRewrite = z.strictObject({
  set: z.record(ParameterName, z.string().max(2_000)).default({}),
  remove: z.array(ParameterName).max(50).default([]),
});

/**
 * How a version of a route of kind `http` is served. A path that no template matches does not exist; of several, the
 * first one counts. The path goes on to the upstream's base URL as it came, without `stripPrefix`, or as `rewritePath`
 * says with the parameters of the template that matched.
 */
export const HttpRule = z
  .strictObject({
    methods: z.array(HttpMethod).min(1, "needs at least one method").max(HTTP_METHODS.length),
    paths: z.array(PathTemplate).min(1, "needs at least one path").max(100),
    stripPrefix: PathTemplate.optional(),
    rewritePath: PathTemplate.optional(),
    requestHeaders: HeaderRewrite.default({ set: {}, remove: [] }),
    responseHeaders: HeaderRewrite.default({ set: {}, remove: [] }),
    query: QueryRewrite.default({ set: {}, remove: [] }),
  })
  .superRefine((rule, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
    if (rule.stripPrefix !== undefined && rule.rewritePath !== undefined) {
      refuse("rewritePath", "leave out stripPrefix or rewritePath: a path is changed in one way");
    }
    if (rule.stripPrefix !== undefined && templateNames(rule.stripPrefix).size > 0) {
      refuse("stripPrefix", "must be plain, without {name} and **");
    }
    for (const name of templateNames(rule.rewritePath ?? "")) {
      const without = rule.paths.find((path) => !templateNames(path).has(name));
      if (without !== undefined) refuse("rewritePath", `uses ${name}, which the path ${without} does not have`);
    }
  });
export type HttpRule = z.infer<typeof HttpRule>;
