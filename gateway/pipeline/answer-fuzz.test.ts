import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anthropicUpstream } from "#gateway/dialects/anthropic/dialect.ts";
import { bedrockUpstream } from "#gateway/dialects/bedrock/dialect.ts";
import { CALLER_DIALECTS } from "#gateway/dialects/caller-dialects.ts";
import type { CallerDialect } from "#gateway/dialects/dialect.ts";
import { geminiUpstream } from "#gateway/dialects/gemini/dialect.ts";
import type { StreamPart } from "#gateway/dialects/generation.ts";
import { openaiChatUpstream } from "#gateway/dialects/openai-chat/dialect.ts";

const UPSTREAMS = [anthropicUpstream, bedrockUpstream, geminiUpstream, openaiChatUpstream];
const CALLERS: readonly CallerDialect[] = [...new Set(Object.values(CALLER_DIALECTS))];
const FACTS = { callId: "req_1", model: "m", createdSeconds: 1, includeUsage: true };

const NAMES = (
  "type index delta content text message usage choices candidates parts functionCall args name id tool_calls function " +
  "arguments content_block partial_json thinking signature finish_reason stop_reason finishReason usageMetadata input_tokens " +
  "output_tokens promptTokenCount role error inlineData executableCode groundingMetadata output toolUse input reasoningContent " +
  "refusal reasoning annotations logprobs thought thoughtSignature safetyRatings citationMetadata __proto__ audio"
).split(" ");
const WORDS = (
  "message_start content_block_start content_block_delta content_block_stop message_delta message_stop ping error text " +
  "tool_use text_delta input_json_delta thinking_delta signature_delta stop STOP end_turn model assistant"
).split(" ");

const leaf = fc.oneof(
  fc.constantFrom(...WORDS),
  fc.constant(null),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.string(),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "medium", withCrossShrink: true },
    leaf,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...NAMES), tie("value"), { maxKeys: 6 }),
  ),
}));
const object = fc.dictionary(fc.constantFrom(...NAMES), value, { maxKeys: 8 });

describe("whatever an upstream answers", () => {
  it.each(UPSTREAMS)("no reader throws, nor a writer of what it read", (upstream) => {
    fc.assert(
      fc.property(fc.array(object, { maxLength: 8 }), (events) => {
        const reader = upstream.streamReader();
        const parts: StreamPart[] = [];
        for (const event of events) reader.push(Buffer.from(`data: ${JSON.stringify(event)}\n\n`), parts);
        reader.end(parts);
        for (const caller of CALLERS) {
          const out: string[] = [];
          const writer = caller.streamWriter(FACTS);
          writer.write(parts, out);
          writer.end(out);
        }
        for (const event of events) {
          const answer = upstream.readAnswer(event);
          if (answer !== null) for (const caller of CALLERS) JSON.stringify(caller.writeAnswer(answer, FACTS));
          upstream.readErrorMessage(event);
        }
        expect(parts.length).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 300 },
    );
  });
});
