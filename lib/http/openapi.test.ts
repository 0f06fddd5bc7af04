import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ENDPOINTS } from "./endpoints/index.ts";
import { openApiDocument } from "./openapi.ts";

// The parts of the OpenAPI 3.1 description that clients are generated from.
const Parameter = z.strictObject({
  name: z.string().min(1),
  in: z.enum(["path", "query", "header"]),
  required: z.boolean(),
  description: z.string().optional(),
  schema: z.looseObject({}),
});
const Content = z.record(z.string(), z.strictObject({ schema: z.looseObject({}) }));
const Operation = z.strictObject({
  operationId: z.string().regex(/^[\w.-]+$/),
  tags: z.array(z.string()).length(1),
  summary: z.string().min(5),
  description: z.string().optional(),
  security: z.array(z.unknown()).optional(),
  parameters: z.array(Parameter).default([]),
  requestBody: z.strictObject({ required: z.boolean(), content: Content }).optional(),
  responses: z.record(
    z.string().regex(/^(default|[1-5]\d\d)$/),
    z.strictObject({
      description: z.string().min(1),
      headers: z.record(z.string(), z.unknown()).optional(),
      content: Content.optional(),
    }),
  ),
});
const Document = z.strictObject({
  openapi: z.literal("3.1.0"),
  info: z.looseObject({ title: z.string(), version: z.string() }),
  servers: z.array(z.strictObject({ url: z.literal("/api/v1") })),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  tags: z.array(z.strictObject({ name: z.string() })),
  paths: z.record(z.string().startsWith("/"), z.partialRecord(z.enum(["get", "post", "patch", "delete"]), Operation)),
  components: z.strictObject({
    schemas: z.record(z.string(), z.unknown()),
    securitySchemes: z.record(z.string(), z.unknown()),
  }),
});

const document = Document.parse(openApiDocument());
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })),
);

describe("the OpenAPI document", () => {
  it("has every endpoint and nothing else", () => {
    const described = operations.map(({ method, path }) => `${method} ${path}`);
    const served = ENDPOINTS.map(({ method, path }) => `${method} ${path}`);
    expect(described.toSorted()).toEqual([...served, "GET /openapi.json"].toSorted());
  });

  it("gives each operation an id of its own, and names each path parameter once", () => {
    const ids = operations.map(({ operationId }) => operationId);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    for (const { path, parameters } of operations) {
      const inTemplate = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const inPath = parameters.filter((parameter) => parameter.in === "path");
      expect(inPath.map(({ name }) => name)).toEqual(inTemplate);
      expect(inPath.every(({ required }) => required)).toBe(true);
    }
  });

  it("resolves every reference, and is plain JSON", () => {
    const text = JSON.stringify(openApiDocument());
    expect(JSON.parse(text)).toEqual(openApiDocument());
    for (const [, pointer = ""] of text.matchAll(/"\$ref":"([^"]+)"/g))
      expect(pointer).toBe("#/components/schemas/Problem");
  });

  it("asks for If-Match on every PATCH, offers Idempotency-Key on every POST, and says what a refusal looks like", () => {
    const header = (name: string) => (parameter: z.infer<typeof Parameter>) =>
      parameter.in === "header" && parameter.name === name;
    for (const { method, path, parameters, responses, requestBody } of operations) {
      if (path === "/openapi.json") continue;
      if (method === "PATCH") expect(parameters.find(header("If-Match"))?.required).toBe(true);
      if (method === "PATCH") expect(Object.keys(requestBody?.content ?? {})).toContain("application/merge-patch+json");
      expect(parameters.some(header("Idempotency-Key"))).toBe(method === "POST");
      expect(Object.keys(responses)).toEqual(expect.arrayContaining(["401", "403", "429", "default"]));
    }
  });

  it("shows a body without the members that the address has", () => {
    const issue = document.paths["/consumers/{consumerId}/api-keys"]?.post;
    expect(issue?.requestBody?.content["application/json"]?.schema).toMatchObject({
      required: ["name"],
      additionalProperties: false,
      properties: { name: { type: "string" }, expiresAt: {}, routes: {} },
    });
    expect(JSON.stringify(issue?.requestBody)).not.toContain("consumerId");
    expect(issue?.responses["201"]?.content?.["application/json"]?.schema).toMatchObject({
      properties: { secret: { type: "string" } },
    });
  });
});
