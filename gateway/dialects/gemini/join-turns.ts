import type { AnswerPart, Message } from "../generation.ts";

/** One part out of two neighbours, where they are pieces of one text or of one thought; null where they are not. */
function joined(first: AnswerPart, second: AnswerPart): AnswerPart | null {
  if (first.kind === "text" && second.kind === "text") return { kind: "text", text: first.text + second.text };
  if (first.kind !== "reasoning" || second.kind !== "reasoning") return null;
  if (first.signature !== null || first.redacted !== null || second.redacted !== null) return null;
  return { ...second, text: first.text + second.text };
}

/**
 * Puts together what a client kept of a stream: each of its answers as a content of its own, each thought in pieces, of
 * which the last one has the signature of them all.
 */
export function joinTurns(messages: readonly Message[]): Message[] {
  const turns: Message[] = [];
  for (const message of messages) {
    const last = turns.at(-1);
    if (message.role !== "assistant") {
      turns.push(message);
      continue;
    }
    const parts: AnswerPart[] = last?.role === "assistant" ? [...last.parts] : [];
    for (const part of message.parts) {
      const before = parts.at(-1);
      const both = before === undefined ? null : joined(before, part);
      if (both === null) parts.push(part);
      else parts[parts.length - 1] = both;
    }
    if (last?.role === "assistant") turns[turns.length - 1] = { role: "assistant", parts };
    else turns.push({ role: "assistant", parts });
  }
  return turns;
}
