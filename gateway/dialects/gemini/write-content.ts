import { refuseContent } from "../carry.ts";
import type { RequestFacts } from "../dialect.ts";
import type { AnswerPart, GenerationRequest, MediaPart, ToolResultPart } from "../generation.ts";
import { argumentsObject, isObject, type JsonObject, parseJson } from "../json-fields.ts";
import { ownSignature } from "../signature.ts";
import { isGeneratedCallId } from "./call-id.ts";
import { mediaTypeOf } from "./media.ts";
import { mediaPart } from "./write-answer.ts";

/** Google's own word for a call whose signature is not at hand, because another model made it. */
const NO_SIGNATURE = "skip_thought_signature_validator";
/** The models that refuse a call without a signature, and a name without a number is the newest one. */
const WANTS_SIGNATURES = /gemini-(?:[3-9]|[1-9]\d|[a-z])/;

/** Writes one conversation. One per request. Throws `NotCarried`. */
export class ContentWriter {
  private readonly facts: RequestFacts;
  private readonly names = new Map<string, string>();
  private readonly wantsSignatures: boolean;

  constructor(facts: RequestFacts) {
    this.facts = facts;
    this.wantsSignatures = WANTS_SIGNATURES.test(facts.model);
  }

  /** Neighbours of one role become one content. */
  write(messages: GenerationRequest["messages"]): JsonObject[] {
    const contents: { role: string; parts: JsonObject[] }[] = [];
    for (const message of messages) {
      const role = message.role === "assistant" ? "model" : "user";
      const parts = message.role === "assistant" ? this.answerParts(message.parts) : this.userParts(message.parts);
      const last = contents.at(-1);
      if (last?.role === role) last.parts.push(...parts);
      else contents.push({ role, parts });
    }
    return contents.filter(({ parts }) => parts.length > 0);
  }

  private userParts(
    parts: readonly Extract<GenerationRequest["messages"][number], { role: "user" }>["parts"][number][],
  ): JsonObject[] {
    return parts.flatMap((part) => {
      if (part.kind === "text") return [{ text: part.text }];
      return part.kind === "tool_result" ? [this.result(part)] : [media(part)];
    });
  }

  private result(part: ToolResultPart): JsonObject {
    const { callId, isError, content } = part;
    const texts = content.flatMap((each) => (each.kind === "text" ? [each.text] : []));
    const files = content.flatMap((each) => (each.kind === "text" ? [] : [media(each)]));
    const name = part.name ?? this.names.get(callId);
    if (name === undefined) return refuseContent("A tool result answers no call before it.");
    return {
      functionResponse: {
        ...this.id(callId),
        name,
        response: responseOf(texts.join("\n"), isError),
        ...(files.length > 0 ? { parts: files } : {}),
      },
    };
  }

  /** An id that the upstream did not give is none of its concern. */
  private id(callId: string): JsonObject {
    return isGeneratedCallId(callId) ? {} : { id: callId };
  }

  private answerParts(parts: readonly AnswerPart[]): JsonObject[] {
    const written: JsonObject[] = [];
    /** A signature that came alone: of the call behind it, or else of the text before it. */
    let loose: string | null = null;
    let hasSignedCall = false;
    for (const part of parts) {
      if (part.kind === "reasoning") {
        loose = this.reasoning(part, written) ?? loose;
        continue;
      }
      if (part.kind !== "tool_call") {
        loose = sign(written, loose);
        written.push(...this.saidPart(part));
        continue;
      }
      this.names.set(part.id, part.name);
      const own = ownSignature("gemini", part.signature) ?? loose;
      loose = null;
      const standIn = this.wantsSignatures && !hasSignedCall ? NO_SIGNATURE : null;
      hasSignedCall = true;
      written.push(this.call(part, own ?? standIn));
    }
    sign(written, loose);
    return written;
  }

  private call(
    { id, name, argumentsJson }: Extract<AnswerPart, { kind: "tool_call" }>,
    signature: string | null,
  ): JsonObject {
    const functionCall = { ...this.id(id), name, args: argumentsObject(argumentsJson) };
    return { functionCall, ...(signature === null ? {} : { thoughtSignature: signature }) };
  }

  private saidPart(part: Exclude<AnswerPart, { kind: "reasoning" | "tool_call" }>): JsonObject[] {
    if (part.kind === "text" || part.kind === "refusal") return part.text === "" ? [] : [{ text: part.text }];
    return [media(part)];
  }

  /**
   * Thoughts go back only where they are the vendor's own, signature and all. That others are left out is noted, and never
   * refused: a conversation that began at another model could not go on at this one. Returns a signature without a text.
   */
  private reasoning(part: Extract<AnswerPart, { kind: "reasoning" }>, written: JsonObject[]): string | null {
    const signature = ownSignature("gemini", part.signature);
    if (signature !== null && part.text === "") return signature;
    if (signature !== null) written.push({ text: part.text, thought: true, thoughtSignature: signature });
    else this.facts.onDropped("messages.reasoning");
    return null;
  }
}

function media(part: MediaPart): JsonObject {
  if (mediaTypeOf(part) !== null) return mediaPart(part);
  return refuseContent("The target model's API wants to be told the type of a file.");
}

/** Gives a loose signature to the text before it, or to an empty one of its own. Returns what is loose then: nothing. */
function sign(written: JsonObject[], loose: string | null): null {
  if (loose === null) return null;
  const last = written.at(-1);
  if (last !== undefined && "text" in last && last.thoughtSignature === undefined) {
    written[written.length - 1] = { ...last, thoughtSignature: loose };
  } else written.push({ text: "", thoughtSignature: loose });
  return null;
}

/** A response must be an object: a result that is one stays as it is, anything else is its `output`. */
function responseOf(text: string, isError: boolean): JsonObject {
  if (isError) return { error: text };
  const value = parseJson(text);
  if (!isObject(value)) return { output: text };
  const [name, ...others] = Object.keys(value);
  return others.length === 0 && (name === "output" || name === "error") ? { output: text } : value;
}
