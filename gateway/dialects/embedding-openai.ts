import { cannotCarry } from "./carry.ts";
import type { RequestFacts } from "./dialect.ts";
import {
  type EmbeddingAnswer,
  type EmbeddingCaller,
  type EmbeddingRequest,
  type EmbeddingUpstream,
  embeddingUsage,
} from "./embedding.ts";
import { NotCarried } from "./generation.ts";
import {
  asText,
  countOf,
  fieldOf,
  type JsonObject,
  listOf,
  optionalCount,
  optionalText,
  orNotCarried,
  textOf,
} from "./json-fields.ts";

const KNOWN = new Set(["model", "input", "dimensions", "encoding_format", "user"]);
const FLOAT_BYTES = 4;

/** Tokens in the place of text mean nothing to another vendor's model. */
function readInput(input: unknown): string[] {
  if (typeof input === "string") return [input];
  if (!Array.isArray(input) || input.length === 0) {
    throw new NotCarried("input", "'input' must be a text or an array of texts.", true);
  }
  if (input.some((item) => typeof item === "number" || Array.isArray(item))) {
    throw new NotCarried("input", "Tokens cannot be translated, only text.");
  }
  return input.map((item, index) => asText(item, `input[${index}]`));
}

function readRequest(body: JsonObject): EmbeddingRequest {
  const encoding = optionalText(body.encoding_format, "encoding_format") ?? "float";
  if (encoding !== "float" && encoding !== "base64") {
    throw new NotCarried("encoding_format", "'encoding_format' must be float or base64.", true);
  }
  const extras = Object.entries(body).filter(([name, value]) => !KNOWN.has(name) && value !== null);
  return {
    texts: readInput(body.input),
    dimensions: optionalCount(body.dimensions, "dimensions", 1),
    user: optionalText(body.user, "user"),
    taskType: null,
    title: null,
    extras: new Map(extras),
    form: encoding === "base64" ? "base64" : "numbers",
  };
}

/** 32-bit floats, little-endian, as OpenAI packs them. */
function packed(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * FLOAT_BYTES);
  for (const [at, value] of vector.entries()) bytes.writeFloatLE(value, at * FLOAT_BYTES);
  return bytes.toString("base64");
}

function unpacked(text: string): number[] {
  const bytes = Buffer.from(text, "base64");
  return Array.from({ length: Math.floor(bytes.length / FLOAT_BYTES) }, (_, at) => bytes.readFloatLE(at * FLOAT_BYTES));
}

function writeAnswer(answer: EmbeddingAnswer, form: EmbeddingRequest["form"], model: string): JsonObject {
  const tokens = answer.usage?.inputTokens ?? 0;
  const data = answer.vectors.map((vector, index) => ({
    object: "embedding",
    index,
    embedding: form === "base64" ? packed(vector) : vector,
  }));
  return { object: "list", data, model, usage: { prompt_tokens: tokens, total_tokens: tokens } };
}

function writeRequest({ request, facts }: { request: EmbeddingRequest; facts: RequestFacts }): JsonObject {
  const { texts, dimensions, user } = request;
  for (const param of ["taskType", "title"] as const) {
    if (request[param] !== null) cannotCarry(facts, param, "The target model's API has no such parameter.");
  }
  for (const param of request.extras.keys()) cannotCarry(facts, param, "The target model's API has no such parameter.");
  return {
    model: facts.model,
    input: texts,
    encoding_format: "float",
    ...(dimensions === null ? {} : { dimensions }),
    ...(user === null ? {} : { user }),
  };
}

function readVector(item: unknown): number[] | null {
  const text = textOf(item, "embedding");
  if (text !== null) return unpacked(text);
  const values = listOf(item, "embedding").filter((value) => typeof value === "number");
  return values.length === 0 ? null : values;
}

/** Vectors may come in any order: each says its place. */
function readAnswer(body: unknown): EmbeddingAnswer | null {
  const vectors: number[][] = [];
  const data = listOf(body, "data");
  for (const [at, item] of data.entries()) {
    const vector = readVector(item);
    const place = countOf(item, "index") ?? at;
    if (vector === null || place >= data.length) return null;
    vectors[place] = vector;
  }
  if (vectors.length === 0 || Object.keys(vectors).length !== data.length) return null;
  const usage = fieldOf(body, "usage");
  return { vectors, usage: embeddingUsage(countOf(usage, "prompt_tokens") ?? countOf(usage, "total_tokens")) };
}

/** `POST /v1/embeddings` as callers speak it. */
export const openaiEmbeddingCaller: EmbeddingCaller = {
  paramNames: {},
  readRequest: (body: JsonObject) => orNotCarried(readRequest, body),
  writeAnswer,
};

/** `POST /v1/embeddings` as an upstream. */
export const openaiEmbeddingUpstream: EmbeddingUpstream = {
  name: "openai",
  writeRequest: (request: EmbeddingRequest, facts: RequestFacts) => orNotCarried(writeRequest, { request, facts }),
  readAnswer,
  readErrorMessage: (body: unknown) => textOf(fieldOf(body, "error"), "message"),
};
