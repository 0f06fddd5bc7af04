import type { AnswerFacts, CallerDialect, StreamWriter } from "../dialect.ts";
import { type GenerationAnswer, type GenerationRequest, NotCarried, type StreamPart } from "../generation.ts";
import { type JsonObject, optionalCount, optionalNumber, optionalText, orNotCarried } from "../json-fields.ts";
import { completionId, errorObject } from "../openai-answer.ts";
import { isHarmless, readStop, unlessZero } from "../openai-parameters.ts";
import { writeStopReason } from "../openai-stop-reason.ts";
import { chatUsage } from "../openai-usage.ts";

const KNOWN: ReadonlySet<string> = new Set([
  "model",
  "prompt",
  "stream",
  "stream_options",
  "max_tokens",
  "temperature",
  "top_p",
  "presence_penalty",
  "frequency_penalty",
  "seed",
  "stop",
  "n",
  "user",
]);

/** What the API assumes for an answer's length where the caller does not say. */
const TOKENS_DEFAULT = 16;

function isDefault(name: string, value: unknown): boolean {
  if (name === "echo") return value === false || value === null;
  if (name === "best_of") return value === 1 || value === null;
  if (name === "suffix") return value === "" || value === null;
  return isHarmless(name, value);
}

/** One prompt. Several at once, or tokens, have no counterpart in a conversation. */
function readPrompt(prompt: unknown): string {
  const only: unknown = Array.isArray(prompt) && prompt.length === 1 ? prompt[0] : prompt;
  if (typeof only === "string") return only;
  if (!Array.isArray(prompt)) throw new NotCarried("prompt", "'prompt' must be a string or an array.", true);
  throw new NotCarried("prompt", "Only one prompt, as text, can be translated.");
}

function read({ body, stream }: { readonly body: JsonObject; readonly stream: boolean }): GenerationRequest {
  const extras = new Map<string, unknown>();
  for (const name in body) {
    const value = body[name];
    if (!KNOWN.has(name) && !isDefault(name, value)) extras.set(name, value);
  }
  return {
    system: [],
    messages: [{ role: "user", parts: [{ kind: "text", text: readPrompt(body.prompt) }] }],
    tools: [],
    toolChoice: null,
    parallelToolCalls: null,
    format: { kind: "text" },
    maxOutputTokens: optionalCount(body.max_tokens, "max_tokens", 1) ?? TOKENS_DEFAULT,
    temperature: optionalNumber(body.temperature, "temperature"),
    topP: optionalNumber(body.top_p, "top_p"),
    topK: null,
    presencePenalty: unlessZero(optionalNumber(body.presence_penalty, "presence_penalty")),
    frequencyPenalty: unlessZero(optionalNumber(body.frequency_penalty, "frequency_penalty")),
    seed: optionalNumber(body.seed, "seed"),
    stop: readStop(body.stop),
    reasoning: null,
    candidates: optionalCount(body.n, "n", 1) ?? 1,
    user: optionalText(body.user, "user"),
    stream,
    extras,
  };
}

function writeAnswer(answer: GenerationAnswer, facts: AnswerFacts): JsonObject {
  return {
    id: completionId(answer.id, "cmpl-", facts),
    object: "text_completion",
    created: facts.createdSeconds,
    model: facts.model,
    choices: answer.choices.map(({ parts, stop }, index) => ({
      index,
      // A legacy answer is text alone; a refusal is what the model said.
      text: parts.map((part) => (part.kind === "text" || part.kind === "refusal" ? part.text : "")).join(""),
      logprobs: null,
      finish_reason: writeStopReason(stop),
    })),
    ...(answer.usage === null ? {} : { usage: chatUsage(answer.usage) }),
  };
}

/** Writes `text_completion` events. Hot path. */
class CompletionsStreamWriter implements StreamWriter {
  private readonly facts: AnswerFacts;
  private front = "";
  private readonly back: string;

  constructor(facts: AnswerFacts) {
    this.facts = facts;
    this.back = facts.includeUsage ? '],"usage":null}\n\n' : "]}\n\n";
  }

  write(parts: readonly StreamPart[], out: string[]): void {
    for (const part of parts) this.writePart(part, out);
  }

  end(out: string[]): void {
    out.push("data: [DONE]\n\n");
  }

  private writePart(part: StreamPart, out: string[]): void {
    switch (part.kind) {
      case "start":
        this.begin(part.id);
        return;
      case "text":
      case "refusal":
        this.choice(part.choice, part.text, "null", out);
        return;
      case "finish":
        this.choice(part.choice, "", `"${writeStopReason(part.stop)}"`, out);
        return;
      case "usage":
        if (this.facts.includeUsage) {
          out.push(this.frontOf(), `],"usage":${JSON.stringify(chatUsage(part.usage))}}\n\n`);
        }
        return;
      case "error":
        out.push(`data: ${JSON.stringify({ error: errorObject(part) })}\n\n`);
        return;
      default:
        return;
    }
  }

  private begin(id: string | null): void {
    const { model, createdSeconds: created } = this.facts;
    const head = { id: completionId(id, "cmpl-", this.facts), object: "text_completion", created, model };
    this.front = `data: ${JSON.stringify(head).slice(0, -1)},"choices":[`;
  }

  private frontOf(): string {
    if (this.front === "") this.begin(null);
    return this.front;
  }

  private choice(index: number, text: string, finish: string, out: string[]): void {
    out.push(this.frontOf(), `{"index":${index},"text":`, JSON.stringify(text));
    out.push(`,"logprobs":null,"finish_reason":${finish}}`, this.back);
  }
}

/** OpenAI's legacy completions, as callers speak them: a prompt becomes what the user says. */
export const openaiCompletionsCaller: CallerDialect = {
  name: "openai_completions",
  paramNames: {
    topP: "top_p",
    presencePenalty: "presence_penalty",
    frequencyPenalty: "frequency_penalty",
    maxOutputTokens: "max_tokens",
    candidates: "n",
    messages: "prompt",
  },
  readRequest: (body, stream) => orNotCarried(read, { body, stream }),
  writeAnswer,
  streamWriter: (facts) => new CompletionsStreamWriter(facts),
};
