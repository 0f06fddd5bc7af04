import Anthropic from "@anthropic-ai/sdk";
import { ApiError, GoogleGenAI } from "@google/genai";
import OpenAI from "openai";

/** One of a vendor's calls, made with the vendor's own SDK, which retries nothing by itself. */
export interface SdkCaller {
  readonly name: string;
  /** The routes to call: the first one passes on, the others translate. */
  readonly routes: readonly string[];
  /** Makes the call and returns what was said; null where the answer has no end. Rejects with what the SDK throws. */
  call(model: string, isStream: boolean, headers: Record<string, string>): Promise<string | null>;
  /** Whether a thrown value is one of the SDK's own errors. */
  isTyped(error: unknown): boolean;
}

const ASKED = "What is a gateway?";
const MESSAGES = [{ role: "user" as const, content: ASKED }];

/** The SDKs against a node. */
export function sdkCallers(origin: string, apiKey: string): SdkCaller[] {
  const openai = new OpenAI({ baseURL: `${origin}/v1`, apiKey, maxRetries: 0, logLevel: "off" });
  const anthropic = new Anthropic({ baseURL: origin, apiKey, maxRetries: 0, logLevel: "off" });
  const httpOptions = { baseUrl: origin, retryOptions: { attempts: 1 } };
  const google = new GoogleGenAI({ apiKey, vertexai: false, httpOptions });
  return [chat(openai), responses(openai), messages(anthropic), content(google)];
}

/** The event in which Responses tell of an error: the SDK hands it over in the place of throwing. */
class ErrorEvent extends OpenAI.OpenAIError {}

const isOpenAi = (error: unknown): boolean => error instanceof OpenAI.OpenAIError;

function chat(openai: OpenAI): SdkCaller {
  return {
    name: "chat",
    routes: ["to-openai", "to-anthropic", "to-gemini"],
    isTyped: isOpenAi,
    async call(model, isStream, headers) {
      const ask = { model, messages: MESSAGES };
      if (!isStream) {
        const [choice] = (await openai.chat.completions.create(ask, { headers })).choices ?? [];
        return choice?.finish_reason === "stop" ? choice.message.content : null;
      }
      const heard = { text: "", isWhole: false };
      for await (const { choices } of await openai.chat.completions.create({ ...ask, stream: true }, { headers })) {
        heard.text += choices[0]?.delta.content ?? "";
        if (choices[0]?.finish_reason === "stop") heard.isWhole = true;
      }
      return heard.isWhole ? heard.text : null;
    },
  };
}

function responses(openai: OpenAI): SdkCaller {
  return {
    name: "responses",
    routes: ["to-openai", "to-chat", "to-anthropic"],
    isTyped: isOpenAi,
    async call(model, isStream, headers) {
      const ask = { model, input: ASKED };
      if (!isStream) {
        const answer = await openai.responses.create(ask, { headers });
        return answer.status === "completed" ? answer.output_text : null;
      }
      const heard = { text: "", isWhole: false };
      for await (const event of await openai.responses.create({ ...ask, stream: true }, { headers })) {
        if (event.type === "response.output_text.delta") heard.text += event.delta;
        if (event.type === "error") throw new ErrorEvent(event.message);
        if (event.type === "response.completed") heard.isWhole = true;
      }
      return heard.isWhole ? heard.text : null;
    },
  };
}

function messages(anthropic: Anthropic): SdkCaller {
  return {
    name: "messages",
    routes: ["to-anthropic", "to-chat", "to-gemini"],
    isTyped: (error) => error instanceof Anthropic.AnthropicError,
    async call(model, isStream, headers) {
      const ask = { model, max_tokens: 500, messages: MESSAGES };
      if (!isStream) {
        const { content: blocks, stop_reason: stop } = await anthropic.messages.create(ask, { headers });
        return stop === "end_turn" ? blocks.map((block) => (block.type === "text" ? block.text : "")).join("") : null;
      }
      const heard = { text: "", isWhole: false };
      for await (const event of await anthropic.messages.create({ ...ask, stream: true }, { headers })) {
        if (event.type === "content_block_delta" && event.delta.type === "text_delta") heard.text += event.delta.text;
        if (event.type === "message_stop") heard.isWhole = true;
      }
      return heard.isWhole ? heard.text : null;
    },
  };
}

function content(google: GoogleGenAI): SdkCaller {
  return {
    name: "gemini",
    routes: ["to-gemini", "to-chat", "to-anthropic"],
    isTyped: (error) => error instanceof ApiError,
    async call(model, isStream, headers) {
      const ask = { model, contents: ASKED, config: { httpOptions: { headers } } };
      if (!isStream) {
        const answer = await google.models.generateContent(ask);
        return answer.candidates?.[0]?.finishReason === "STOP" ? (answer.text ?? null) : null;
      }
      const heard = { text: "", isWhole: false };
      for await (const answer of await google.models.generateContentStream(ask)) {
        heard.text += answer.text ?? "";
        if (answer.candidates?.[0]?.finishReason === "STOP") heard.isWhole = true;
      }
      return heard.isWhole ? heard.text : null;
    },
  };
}
