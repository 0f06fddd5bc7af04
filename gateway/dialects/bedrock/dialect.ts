import type { RequestFacts, UpstreamDialect } from "../dialect.ts";
import type { GenerationRequest } from "../generation.ts";
import { orNotCarried } from "../json-fields.ts";
import { readBedrockAnswer, readBedrockError } from "./read-answer.ts";
import { BedrockStreamReader } from "./stream-reader.ts";
import { writeBedrockRequest } from "./write-request.ts";

/** Bedrock's Converse as an upstream; its streams are AWS's binary event stream. No caller speaks it. */
export const bedrockUpstream: UpstreamDialect = {
  name: "bedrock",
  writeRequest: (request: GenerationRequest, facts: RequestFacts) =>
    orNotCarried(writeBedrockRequest, { request, facts }),
  readAnswer: readBedrockAnswer,
  streamReader: () => new BedrockStreamReader(),
  readErrorMessage: readBedrockError,
};
