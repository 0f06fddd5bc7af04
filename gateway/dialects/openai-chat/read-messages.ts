import {
  type AnswerPart,
  type GenerationRequest,
  type Message,
  NotCarried,
  type TextPart,
  type ToolCallPart,
  type ToolResultPart,
} from "../generation.ts";
import { asList, asObject, asText, type JsonObject, optionalText } from "../json-fields.ts";
import { readAssistantContent, readTextContent, readUserContent } from "./read-parts.ts";
import { readReasoning } from "./reasoning-details.ts";
import { readCallSignature } from "./tool-call-signature.ts";

function readToolCall(value: unknown, param: string): ToolCallPart {
  const call = asObject(value, param);
  if (call.type !== undefined && call.type !== "function") {
    throw new NotCarried(`${param}.type`, "Only calls of functions can be translated.");
  }
  const called = asObject(call.function, `${param}.function`);
  return {
    kind: "tool_call",
    id: asText(call.id, `${param}.id`),
    name: asText(called.name, `${param}.function.name`),
    argumentsJson: asText(called.arguments, `${param}.function.arguments`),
    signature: readCallSignature(call),
  };
}

function readAssistant(message: JsonObject, param: string): AnswerPart[] {
  for (const name of ["function_call", "audio"]) {
    if (message[name] !== undefined && message[name] !== null) {
      throw new NotCarried(`${param}.${name}`, `'${param}.${name}' cannot be translated.`);
    }
  }
  const parts: AnswerPart[] = [...readReasoning(message), ...readAssistantContent(message.content, `${param}.content`)];
  const refusal = optionalText(message.refusal, `${param}.refusal`);
  if (refusal !== null && refusal !== "") parts.push({ kind: "refusal", text: refusal });
  if (message.tool_calls !== undefined && message.tool_calls !== null) {
    const calls = asList(message.tool_calls, `${param}.tool_calls`);
    calls.forEach((call, index) => {
      parts.push(readToolCall(call, `${param}.tool_calls[${index}]`));
    });
  }
  return parts;
}

/** Gathers the messages of one conversation in their order. */
class MessageList {
  readonly system: TextPart[] = [];
  readonly messages: Message[] = [];
  readonly extras: Map<string, unknown>;
  /** The results of tools that came last: they answer one turn of the assistant, and stand in one message. */
  private results: ToolResultPart[] | null = null;

  constructor(extras: Map<string, unknown>) {
    this.extras = extras;
  }

  add(message: JsonObject, param: string): void {
    if (message.role !== "tool") this.results = null;
    if (message.name !== undefined && message.name !== null) this.extras.set(`${param}.name`, message.name);
    const content = `${param}.content`;
    switch (message.role) {
      case "system":
      case "developer":
        this.system.push(...readTextContent(message.content, content));
        return;
      case "user":
        this.messages.push({ role: "user", parts: readUserContent(message.content, content) });
        return;
      case "assistant":
        this.messages.push({ role: "assistant", parts: readAssistant(message, param) });
        return;
      case "tool":
        this.addResult({
          kind: "tool_result",
          callId: asText(message.tool_call_id, `${param}.tool_call_id`),
          name: null,
          content: readTextContent(message.content, content),
          isError: false,
        });
        return;
      case "function":
        throw new NotCarried(`${param}.role`, "Function messages are not translated. Use tools.");
      default:
        throw new NotCarried(
          `${param}.role`,
          `'${param}.role' must be one of system, developer, user, assistant, tool.`,
          true,
        );
    }
  }

  private addResult(result: ToolResultPart): void {
    if (this.results === null) {
      this.results = [];
      this.messages.push({ role: "user", parts: this.results });
    }
    this.results.push(result);
  }
}

/** Reads `messages`. What only this dialect says of them goes into `extras`. Throws `NotCarried`. */
export function readMessages(
  value: unknown,
  extras: Map<string, unknown>,
): Pick<GenerationRequest, "system" | "messages"> {
  const list = new MessageList(extras);
  const items = asList(value, "messages");
  items.forEach((item, index) => {
    list.add(asObject(item, `messages[${index}]`), `messages[${index}]`);
  });
  if (items.length === 0) throw new NotCarried("messages", "'messages' must hold at least one message.", true);
  return { system: list.system, messages: list.messages };
}
