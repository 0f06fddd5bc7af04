import type { AnswerChoice, AnswerPart, GenerationAnswer, StreamPart } from "#gateway/dialects/generation.ts";

/** Bytes of text that a model generated for a whole answer. */
export function answerTextBytes(answer: GenerationAnswer): number {
  let bytes = 0;
  for (const { parts } of answer.choices) for (const part of parts) bytes += Buffer.byteLength(textOf(part));
  return bytes;
}

function textOf(part: AnswerPart): string {
  switch (part.kind) {
    case "text":
    case "refusal":
    case "reasoning":
      return part.text;
    case "tool_call":
      return part.name + part.argumentsJson;
    default:
      return "";
  }
}

/** A whole answer as the steps of a stream, for a caller who asked for one where the upstream did not stream. */
export function partsOfAnswer(answer: GenerationAnswer): StreamPart[] {
  const parts: StreamPart[] = [{ kind: "start", id: answer.id }];
  answer.choices.forEach((choice, index) => {
    addChoice(parts, choice, index);
  });
  if (answer.usage !== null) parts.push({ kind: "usage", usage: answer.usage });
  return parts;
}

function addChoice(into: StreamPart[], { parts, stop, stopSequence }: AnswerChoice, choice: number): void {
  let index = 0;
  for (const part of parts) {
    if (part.kind === "text") into.push({ kind: "text", choice, text: part.text });
    else if (part.kind === "refusal") into.push({ kind: "refusal", choice, text: part.text });
    else if (part.kind === "reasoning") into.push({ ...part, choice });
    else if (part.kind === "tool_call") {
      const { id, name, signature, argumentsJson } = part;
      into.push({ kind: "tool_call_start", choice, index, id, name, signature });
      if (argumentsJson !== "") into.push({ kind: "tool_call_arguments", choice, index, json: argumentsJson });
      into.push({ kind: "tool_call_end", choice, index });
      index += 1;
    }
  }
  into.push({ kind: "finish", choice, stop, stopSequence });
}
