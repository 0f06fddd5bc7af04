import type { AnswerFacts, CallerDialect, RequestFacts, UpstreamDialect } from "../dialect.ts";
import type { GenerationRequest } from "../generation.ts";
import { type JsonObject, orNotCarried } from "../json-fields.ts";
import { readGeminiAnswer, readGeminiError } from "./read-answer.ts";
import { readGeminiRequest } from "./read-request.ts";
import { GeminiStreamReader } from "./stream-reader.ts";
import { GeminiStreamWriter } from "./stream-writer.ts";
import { writeGeminiAnswer } from "./write-answer.ts";
import { writeGeminiRequest } from "./write-request.ts";

const THINKING = "generationConfig.thinkingConfig";
const CALLING = "toolConfig.functionCallingConfig";

/** Google's `generateContent` as callers speak it: with server-sent events or, by `asJsonArray`, as a JSON array. */
export const geminiCaller: CallerDialect = {
  name: "gemini",
  paramNames: {
    system: "systemInstruction",
    messages: "contents",
    "messages.reasoning": "contents.thought",
    toolChoice: CALLING,
    format: "generationConfig.responseMimeType",
    maxOutputTokens: "generationConfig.maxOutputTokens",
    temperature: "generationConfig.temperature",
    topP: "generationConfig.topP",
    topK: "generationConfig.topK",
    presencePenalty: "generationConfig.presencePenalty",
    frequencyPenalty: "generationConfig.frequencyPenalty",
    seed: "generationConfig.seed",
    stop: "generationConfig.stopSequences",
    reasoning: THINKING,
    candidates: "generationConfig.candidateCount",
  },
  readRequest: (body: JsonObject, stream: boolean) => orNotCarried(readGeminiRequest, { body, stream }),
  writeAnswer: writeGeminiAnswer,
  streamWriter: (facts: AnswerFacts) => new GeminiStreamWriter(facts),
};

/** Google's `generateContent` as an upstream. Its streams are read as server-sent events: the path wants `alt=sse`. */
export const geminiUpstream: UpstreamDialect = {
  name: "gemini",
  writeRequest: (request: GenerationRequest, facts: RequestFacts) =>
    orNotCarried(writeGeminiRequest, { request, facts }),
  readAnswer: readGeminiAnswer,
  streamReader: () => new GeminiStreamReader(),
  readErrorMessage: readGeminiError,
};
