import { refuseContent } from "../carry.ts";
import type { RequestFacts } from "../dialect.ts";
import type { AnswerPart, GenerationRequest, MediaPart, TextPart, ToolResultPart } from "../generation.ts";
import { argumentsObject, type JsonObject } from "../json-fields.ts";
import { ownSignature } from "../signature.ts";
import { mediaBlock } from "./media.ts";

const CACHE_POINT: JsonObject = { cachePoint: { type: "default" } };
const CALL_ID_CHARS_MAX = 64;

/** The API takes 64 letters, digits, `_` and `-` in ids; a call and its result are changed alike. */
function callId(id: string): string {
  return id.replaceAll(/[^a-zA-Z0-9_-]/g, "_").slice(0, CALL_ID_CHARS_MAX);
}

/** The mark for the prompt cache is a block of its own behind what it marks. */
function marked(blocks: JsonObject[], part: { readonly isCachePoint?: boolean }): JsonObject[] {
  return part.isCachePoint === true && blocks.length > 0 ? [...blocks, CACHE_POINT] : blocks;
}

/** Blank text is refused by the API, and says nothing. */
function textBlocks(text: string): JsonObject[] {
  return text.trim() === "" ? [] : [{ text }];
}

function carriedMedia(part: MediaPart): JsonObject {
  const block = mediaBlock(part);
  if (block !== null) return block;
  const what =
    part.source.kind === "url" ? `${part.kind} at an address` : `${part.kind} of type ${part.mediaType ?? "unknown"}`;
  return refuseContent(`The target model's API takes no ${what}.`);
}

function contentBlocks(part: TextPart | MediaPart): JsonObject[] {
  return part.kind === "text" ? textBlocks(part.text) : [carriedMedia(part)];
}

function resultBlock(part: ToolResultPart): JsonObject {
  const content = part.content.flatMap(contentBlocks);
  return { toolResult: { toolUseId: callId(part.callId), content, status: part.isError ? "error" : "success" } };
}

/** As for Anthropic itself: only the family's own reasoning goes back; that other is left out is noted, never refused. */
function reasoningBlocks(part: Extract<AnswerPart, { kind: "reasoning" }>, facts: RequestFacts): JsonObject[] {
  const redactedContent = ownSignature("anthropic", part.redacted);
  if (redactedContent !== null) return [{ reasoningContent: { redactedContent } }];
  const signature = ownSignature("anthropic", part.signature);
  if (signature !== null) return [{ reasoningContent: { reasoningText: { text: part.text, signature } } }];
  if (part.text !== "") facts.onDropped("messages.reasoning");
  return [];
}

function answerBlocks(part: AnswerPart, facts: RequestFacts): JsonObject[] {
  switch (part.kind) {
    case "text":
      return marked(textBlocks(part.text), part);
    case "refusal":
      return textBlocks(part.text);
    case "reasoning":
      return reasoningBlocks(part, facts);
    case "tool_call": {
      const { id, name, argumentsJson } = part;
      return marked([{ toolUse: { toolUseId: callId(id), name, input: argumentsObject(argumentsJson) } }], part);
    }
    default:
      return refuseContent("The target model's API takes no media in an answer.");
  }
}

/** Writes the messages: roles must take turns, so neighbours of one role become one, the results of tools first. */
export function writeBedrockMessages(request: GenerationRequest, facts: RequestFacts): JsonObject[] {
  const messages: { role: string; results: JsonObject[]; content: JsonObject[] }[] = [];
  for (const message of request.messages) {
    let last = messages.at(-1);
    if (last?.role !== message.role) {
      last = { role: message.role, results: [], content: [] };
      messages.push(last);
    }
    if (message.role === "assistant") last.content.push(...message.parts.flatMap((part) => answerBlocks(part, facts)));
    else {
      for (const part of message.parts) {
        if (part.kind === "tool_result") last.results.push(...marked([resultBlock(part)], part));
        else last.content.push(...marked(contentBlocks(part), part));
      }
    }
  }
  return messages
    .map(({ role, results, content }) => ({ role, content: [...results, ...content] }))
    .filter(({ content }) => content.length > 0);
}

/** Writes the system prompt. */
export function writeBedrockSystem(system: readonly TextPart[]): JsonObject {
  const blocks = system.flatMap((part) => marked(textBlocks(part.text), part));
  return blocks.length === 0 ? {} : { system: blocks };
}

/** A tool, and the mark for the prompt cache behind it. */
export function writeBedrockTools(tools: GenerationRequest["tools"]): JsonObject[] {
  return tools.flatMap((tool) => {
    const toolSpec = {
      name: tool.name,
      ...(tool.description === null || tool.description === "" ? {} : { description: tool.description }),
      inputSchema: { json: { type: "object", ...tool.parameters } },
      ...(tool.strict === true ? { strict: true } : {}),
    };
    return marked([{ toolSpec }], tool);
  });
}
