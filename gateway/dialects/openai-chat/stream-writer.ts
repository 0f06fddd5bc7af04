import type { AnswerFacts, StreamWriter } from "../dialect.ts";
import type { StreamPart } from "../generation.ts";
import { completionId, errorObject } from "../openai-answer.ts";
import { writeStopReason } from "../openai-stop-reason.ts";
import { chatUsage } from "../openai-usage.ts";
import { reasoningFields } from "./reasoning-details.ts";
import { callSignatureFields } from "./tool-call-signature.ts";

/** Writes `chat.completion.chunk` events. What is the same in all of them is put together once. Hot path. */
export class ChatStreamWriter implements StreamWriter {
  private readonly facts: AnswerFacts;
  /** Everything up to the choices, and everything behind them. */
  private front = "";
  private readonly back: string;
  private readonly started = new Set<number>();

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
        this.open(part.choice, '""', out);
        this.delta(part.choice, `{"content":${JSON.stringify(part.text)}}`, out);
        return;
      case "refusal":
        this.open(part.choice, "null", out);
        this.delta(part.choice, `{"refusal":${JSON.stringify(part.text)}}`, out);
        return;
      case "reasoning":
        this.open(part.choice, '""', out);
        this.delta(part.choice, JSON.stringify(reasoningFields([part])), out);
        return;
      case "tool_call_start": {
        this.open(part.choice, "null", out);
        const { index, id, name, signature } = part;
        const call = {
          index,
          id,
          type: "function",
          function: { name, arguments: "" },
          ...callSignatureFields(signature),
        };
        this.delta(part.choice, JSON.stringify({ tool_calls: [call] }), out);
        return;
      }
      case "tool_call_arguments": {
        const json = JSON.stringify(part.json);
        this.delta(part.choice, `{"tool_calls":[{"index":${part.index},"function":{"arguments":${json}}}]}`, out);
        return;
      }
      case "tool_call_end":
        return;
      case "finish":
        this.open(part.choice, '""', out);
        out.push(this.frontOf(), `{"index":${part.choice},"delta":{},"logprobs":null,"finish_reason":"`);
        out.push(writeStopReason(part.stop), '"}', this.back);
        return;
      case "usage":
        if (this.facts.includeUsage) {
          out.push(this.frontOf(), `],"usage":${JSON.stringify(chatUsage(part.usage))}}\n\n`);
        }
        return;
      case "error":
        out.push(`data: ${JSON.stringify({ error: errorObject(part) })}\n\n`);
        return;
    }
  }

  private begin(id: string | null): void {
    const { model, createdSeconds } = this.facts;
    const head = {
      id: completionId(id, "chatcmpl-", this.facts),
      object: "chat.completion.chunk",
      created: createdSeconds,
      model,
      system_fingerprint: null,
    };
    this.front = `data: ${JSON.stringify(head).slice(0, -1)},"choices":[`;
  }

  private frontOf(): string {
    if (this.front === "") this.begin(null);
    return this.front;
  }

  /** The role comes first, in a chunk of its own, once for each choice. */
  private open(choice: number, content: string, out: string[]): void {
    if (this.started.has(choice)) return;
    this.started.add(choice);
    this.delta(choice, `{"role":"assistant","content":${content},"refusal":null}`, out);
  }

  private delta(choice: number, delta: string, out: string[]): void {
    out.push(this.frontOf(), `{"index":${choice},"delta":`, delta, ',"logprobs":null,"finish_reason":null}', this.back);
  }
}
