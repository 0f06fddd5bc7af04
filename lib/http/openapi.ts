import { STATUS_CODES } from "node:http";
import { z } from "zod";
import { successStatus } from "./answer.ts";
import type { Endpoint } from "./endpoint.ts";
import { ENDPOINTS } from "./endpoints/index.ts";
import { API_PREFIX } from "./match.ts";
import { BODY_SCHEMA_NOTE, jsonSchema, membersOf, type ObjectSchema, without } from "./openapi-schema.ts";
import { Problem } from "./problem.ts";
import { STEPS_NOTE, STEPS_TYPE } from "./steps.ts";

const PROBLEM = {
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
};
const DESCRIPTION = `The management API of Turnpike. JSON in camelCase, times in ISO 8601 and UTC, ids are strings, unknown
fields are refused. Lists answer \`{"data": […], "nextCursor": null}\`; pass \`nextCursor\` back as \`cursor\`.
Refusals are RFC 9457 problems; branch on \`code\`. PATCH takes a JSON merge patch (RFC 7396) and needs \`If-Match\`.
A POST with an \`Idempotency-Key\` has its effect once, and its answer is repeated for at least 24 hours.`;

let cached: object | undefined;

/** The OpenAPI 3.1 document of the management API, made from the table of endpoints once per process. */
export function openApiDocument(): object {
  cached ??= documentOf(ENDPOINTS);
  return cached;
}

function documentOf(endpoints: readonly Endpoint[]): object {
  const paths: Record<string, Record<string, object>> = { "/openapi.json": { get: OWN_DOCUMENT } };
  const names = operationIds(endpoints);
  endpoints.forEach((endpoint, index) => {
    const described = { [endpoint.method.toLowerCase()]: operation(endpoint, names[index] ?? "") };
    paths[endpoint.path] = { ...paths[endpoint.path], ...described };
  });
  return {
    openapi: "3.1.0",
    info: {
      title: "Turnpike management API",
      version: "1",
      description: DESCRIPTION,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: API_PREFIX }],
    security: [{ managementToken: [] }, { session: [] }],
    tags: [...new Set(endpoints.map(tagOf))].map((name) => ({ name })),
    paths,
    components: {
      schemas: { Problem: jsonSchema(Problem, "output") },
      securitySchemes: {
        managementToken: { type: "http", scheme: "bearer", description: "A management token, `tpm_…`." },
        session: { type: "apiKey", in: "cookie", name: "turnpike.session", description: "The console's own session." },
      },
    },
  };
}

const OWN_DOCUMENT = {
  operationId: "openapi.get",
  tags: ["openapi"],
  summary: "This document",
  security: [],
  responses: { "200": { description: "OK", content: { "application/json": { schema: { type: "object" } } } } },
};

/** The verb's name, with the first part of the path where a verb has several endpoints. */
function operationIds(endpoints: readonly Endpoint[]): string[] {
  const taken = new Set<string>();
  return endpoints.map((endpoint) => {
    const { verbName } = endpoint.verb;
    const name = taken.has(verbName) ? `${verbName}.${tagOf(endpoint)}` : verbName;
    taken.add(name);
    return name;
  });
}

function tagOf({ segments }: Endpoint): string {
  return segments[0] ?? "";
}

function operation(endpoint: Endpoint, operationId: string): object {
  const { verb, summary, method } = endpoint;
  const input = without(jsonSchema(verb.input, "input"), []);
  const body = bodyOf(endpoint, input);
  return {
    operationId,
    tags: [tagOf(endpoint)],
    summary,
    description: `Needs the permission \`${verb.permission}\`.`,
    parameters: [
      ...endpoint.parameters.map((name) => ({
        name,
        in: "path",
        required: true,
        schema: membersOf(input)[name] ?? {},
      })),
      ...(method === "GET" ? queryOf(endpoint, input) : []),
      ...headersOf(endpoint),
    ],
    ...(body === undefined ? {} : { requestBody: body }),
    responses: { ...success(endpoint), ...refusals(endpoint) },
  };
}

function queryOf(endpoint: Endpoint, input: ObjectSchema): object[] {
  const names = Object.keys(membersOf(input)).filter((name) => !endpoint.parameters.includes(name));
  return names.map((name) => {
    const required = input.required?.includes(name) ?? false;
    return { name, in: "query", required, schema: membersOf(input)[name] ?? {} };
  });
}

function headersOf({ method, verb }: Endpoint): object[] {
  const header = (name: string, required: boolean, description: string) => ({
    name,
    in: "header",
    required,
    description,
    schema: { type: "string" },
  });
  const headers: object[] = [];
  if (method === "GET" && hasEtag(verb.output))
    headers.push(header("If-None-Match", false, "Answers 304 where this is still the state."));
  if (method !== "GET")
    headers.push(
      header("If-Match", method === "PATCH", "The ETag of the state that was seen, or *; 412 on a lost race."),
    );
  if (method === "POST")
    headers.push(
      header(
        "Idempotency-Key",
        false,
        "1 to 255 printable ASCII characters; from 32 on, a repeated answer also repeats a secret.",
      ),
    );
  return headers;
}

function bodyOf(endpoint: Endpoint, input: ObjectSchema): object | undefined {
  if (endpoint.method === "PATCH") {
    const { required: _all, ...patch } = without(jsonSchema(endpoint.patches ?? z.looseObject({}), "input"), []);
    const schema = { ...patch, description: BODY_SCHEMA_NOTE };
    const content = { "application/json": { schema }, "application/merge-patch+json": { schema } };
    return { required: true, content };
  }
  if (endpoint.method !== "POST") return undefined;
  const schema = without(input, endpoint.parameters);
  if (Object.keys(membersOf(schema)).length === 0) return undefined;
  return { required: (schema.required ?? []).length > 0, content: { "application/json": { schema } } };
}

function success(endpoint: Endpoint): Record<string, object> {
  const { verb, created } = endpoint;
  const isEmpty = verb.output instanceof z.ZodNull;
  const status = successStatus(endpoint, isEmpty);
  const text = { schema: { type: "string" } };
  const headers = {
    "x-request-id": text,
    ...(hasEtag(verb.output) ? { ETag: text } : {}),
    ...(created === undefined ? {} : { Location: text }),
    ...(endpoint.method === "POST" ? { "Idempotent-Replayed": { ...text, description: '"true" when repeated.' } } : {}),
  };
  const json = { "application/json": { schema: jsonSchema(verb.output, "output") } };
  const steps =
    endpoint.steps === undefined ? {} : { [STEPS_TYPE]: { schema: { type: "string", description: STEPS_NOTE } } };
  const content = isEmpty ? {} : { content: { ...json, ...steps } };
  return { [status]: { description: STATUS_CODES[status], headers, ...content } };
}

function refusals({ method, parameters, verb }: Endpoint): Record<string, object> {
  const takesBody = method === "POST" || method === "PATCH";
  const statuses = [
    401,
    403,
    429,
    ...(parameters.length > 0 ? [404] : []),
    ...(verb.kind === "mutation" ? [409, 412] : []),
    ...(method === "PATCH" ? [428] : []),
    ...(takesBody ? [400, 413, 415] : []),
    ...(method === "DELETE" ? [] : [422]),
  ];
  const listed = statuses
    .toSorted((a, b) => a - b)
    .map((status) => [status, { description: STATUS_CODES[status], ...PROBLEM }]);
  return { ...Object.fromEntries(listed), default: { description: "Any other refusal", ...PROBLEM } };
}

function hasEtag(output: z.ZodType): boolean {
  return output instanceof z.ZodObject && "etag" in output.shape;
}
