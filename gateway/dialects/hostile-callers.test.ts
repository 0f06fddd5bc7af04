import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { DialectMatrix, TARGETS } from "#gateway/testing/dialect-matrix.ts";
import { hostile } from "#gateway/testing/generations.ts";

let matrix: DialectMatrix;
beforeAll(async () => {
  matrix = await DialectMatrix.start({ retry: { attempts: 1 } });
});
afterAll(() => matrix.stop());

const schema = { type: "object", properties: { city: { type: "string" } } };
const CALLERS = {
  anthropic: (model: string) => ({
    path: "/v1/messages",
    body: {
      model,
      max_tokens: 20,
      system: [{ type: "text", text: "Be brief", cache_control: { type: "ephemeral" } }],
      messages: [
        { role: "user", content: [{ type: "text", text: "Hi" }] },
        { role: "assistant", content: [{ type: "tool_use", id: "t", name: "look", input: {} }] },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: "9" }] },
      ],
      tools: [{ name: "look", input_schema: schema }],
      tool_choice: { type: "auto" },
      thinking: { type: "enabled", budget_tokens: 2_000 },
    },
  }),
  gemini: (model: string) => ({
    path: `/v1beta/models/${model}:generateContent`,
    body: {
      systemInstruction: { parts: [{ text: "Be brief" }] },
      contents: [
        { role: "user", parts: [{ text: "Hi" }] },
        { role: "model", parts: [{ functionCall: { name: "look", args: {} } }] },
        { role: "user", parts: [{ functionResponse: { name: "look", response: { output: "9" } } }] },
      ],
      tools: [{ functionDeclarations: [{ name: "look", parameters: schema }] }],
      toolConfig: { functionCallingConfig: { mode: "AUTO" } },
      generationConfig: { maxOutputTokens: 20, thinkingConfig: { thinkingBudget: 10 } },
    },
  }),
};

it.each(Object.entries(CALLERS))("no body of %s's dialect is the node's own failure", async (_name, caller) => {
  const routes = fc.constantFrom(...TARGETS.map((each) => each.route));
  const calls = routes.chain((model) =>
    hostile(caller(model).body).map((body) => ({ path: caller(model).path, body })),
  );
  await fc.assert(
    fc.asyncProperty(calls, async ({ path, body }) => {
      const answer = await matrix.harness.send(path, JSON.stringify(body));
      // 404: the model's name was what got replaced.
      expect([200, 400, 404]).toContain(answer.status);
    }),
    { numRuns: 150 },
  );
});
