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
  asList,
  asObject,
  asText,
  countOf,
  fieldOf,
  isObject,
  type JsonObject,
  listOf,
  optionalCount,
  optionalText,
  orNotCarried,
  refuseUnknown,
  textOf,
} from "./json-fields.ts";

const KNOWN = new Set(["model", "content", "outputDimensionality", "taskType", "title"]);

/** The parts of a content are one text; what is no text has no place in another vendor's embedding. */
function readContent(value: unknown, param: string): string {
  const parts = asList(asObject(value, param).parts, `${param}.parts`);
  const texts = parts.map((item, index) => {
    const at = `${param}.parts[${index}]`;
    const part = asObject(item, at);
    refuseUnknown(part, new Set(["text"]), at);
    return asText(part.text, `${at}.text`);
  });
  return texts.join("");
}

type One = Omit<EmbeddingRequest, "texts" | "form" | "user"> & { readonly text: string };

function readOne(value: unknown, param: string): One {
  const request = asObject(value, param === "" ? "body" : param);
  const at = (name: string) => (param === "" ? name : `${param}.${name}`);
  const extras = Object.entries(request).filter(([name, each]) => !KNOWN.has(name) && each !== null);
  return {
    text: readContent(request.content, at("content")),
    dimensions: optionalCount(request.outputDimensionality, at("outputDimensionality"), 1),
    taskType: optionalText(request.taskType, at("taskType")),
    title: optionalText(request.title, at("title")),
    extras: new Map(extras.map(([name, each]) => [at(name), each])),
  };
}

function readSingle(body: JsonObject): EmbeddingRequest {
  const { text, ...rest } = readOne(body, "");
  return { ...rest, texts: [text], user: null, form: "single" };
}

/** What the requests of a batch ask for besides their text must be the same for all: no other dialect can say it of each. */
function readBatch(body: JsonObject): EmbeddingRequest {
  const requests = asList(body.requests, "requests").map((each, index) => readOne(each, `requests[${index}]`));
  const [first] = requests;
  if (first === undefined) throw new NotCarried("requests", "'requests' must hold at least one request.", true);
  for (const param of ["dimensions", "taskType", "title"] as const) {
    if (requests.every((each) => each[param] === first[param])) continue;
    const name = param === "dimensions" ? "outputDimensionality" : param;
    throw new NotCarried(
      `requests.${name}`,
      `'${name}' cannot be translated where the requests of a batch differ in it.`,
    );
  }
  const { text: _text, ...rest } = first;
  const others = Object.entries(body).filter(
    ([name, each]) => name !== "requests" && name !== "model" && each !== null,
  );
  const extras = new Map([...others, ...requests.flatMap((each) => [...each.extras])]);
  return { ...rest, extras, texts: requests.map(({ text }) => text), user: null, form: "numbers" };
}

function writeAnswer(answer: EmbeddingAnswer, form: EmbeddingRequest["form"]): JsonObject {
  const embeddings = answer.vectors.map((values) => ({ values }));
  const tokens = answer.usage?.inputTokens;
  const usage = tokens === undefined ? {} : { usageMetadata: { promptTokenCount: tokens, totalTokenCount: tokens } };
  return form === "single" ? { embedding: embeddings[0], ...usage } : { embeddings, ...usage };
}

/** Every request is a batch: a single text is one of one. */
function writeRequest({ request, facts }: { request: EmbeddingRequest; facts: RequestFacts }): JsonObject {
  const { texts, dimensions, taskType, title } = request;
  for (const param of request.extras.keys()) cannotCarry(facts, param, "The target model's API has no such parameter.");
  if (request.user !== null) facts.onDropped("user");
  const more = {
    ...(dimensions === null ? {} : { outputDimensionality: dimensions }),
    ...(taskType === null ? {} : { taskType }),
    ...(title === null ? {} : { title }),
  };
  const model = `models/${facts.model}`;
  return { requests: texts.map((text) => ({ model, content: { parts: [{ text }] }, ...more })) };
}

function readValues(embedding: unknown): number[] | null {
  const values = listOf(embedding, "values").filter((value) => typeof value === "number");
  return values.length === 0 ? null : values;
}

function readAnswer(body: unknown): EmbeddingAnswer | null {
  const vectors: number[][] = [];
  for (const embedding of listOf(body, "embeddings")) {
    const values = readValues(embedding);
    if (values === null) return null;
    vectors.push(values);
  }
  if (vectors.length === 0) return null;
  return { vectors, usage: embeddingUsage(countOf(fieldOf(body, "usageMetadata"), "promptTokenCount")) };
}

const PARAM_NAMES = { dimensions: "outputDimensionality" };

/** `:embedContent` as callers speak it. */
export const geminiEmbeddingCaller: EmbeddingCaller = {
  paramNames: PARAM_NAMES,
  readRequest: (body: JsonObject) => orNotCarried(readSingle, body),
  writeAnswer,
};

/** `:batchEmbedContents` as callers speak it, Google's own clients among them. */
export const geminiBatchEmbeddingCaller: EmbeddingCaller = {
  paramNames: PARAM_NAMES,
  readRequest: (body: JsonObject) => orNotCarried(readBatch, body),
  writeAnswer,
};

/** `:batchEmbedContents` as an upstream. */
export const geminiEmbeddingUpstream: EmbeddingUpstream = {
  name: "gemini",
  writeRequest: (request: EmbeddingRequest, facts: RequestFacts) => orNotCarried(writeRequest, { request, facts }),
  readAnswer,
  readErrorMessage: (body: unknown) => textOf(fieldOf(isObject(body) ? body : null, "error"), "message"),
};
