import { describe, expect, it } from "vitest";
import { buildIndexes } from "#gateway/snapshot/build-indexes.ts";
import { EventScan } from "#gateway/stream/event-scan.ts";
import { findUsage } from "#gateway/stream/usage-scan.ts";
import { policy, route, target, upstream, version } from "#gateway/testing/fixtures.ts";
import type { ForwardedAction } from "#lib/contract/action.ts";
import { defaultBaseUrl, PROVIDERS } from "#lib/contract/providers.ts";
import { ANSWERS } from "./fixtures/answers.ts";
import { providerAdapter } from "./registry.ts";

const HEADER = { epoch: 1, number: 1, sha256: "0".repeat(64) };
const TOOLS = { ask: () => Promise.reject(new Error("asks nobody")), nowMs: () => 0 };

/** A target of a provider, as a revision makes it. */
function compiled(provider: string, options: Record<string, string>, baseUrl: string | null, model = "m/x:1@2") {
  const address = baseUrl ?? defaultBaseUrl(provider, options) ?? "https://own.example.com/base";
  const document = policy(
    [upstream("ups_1", address, { provider, options })],
    [route("smart", [version([target("ups_1", { model })])])],
  );
  const made = buildIndexes(HEADER, document).routes.get("smart")?.defaultVersion.targets[0];
  if (made === undefined) throw new Error("unreachable");
  return made;
}

const MODEL = "m%2Fx%3A1@2";
type Row = [string, Record<string, string>, ForwardedAction, string];
const URLS: Row[] = [
  ["openai", {}, "chat.completions", "https://api.openai.com/v1/chat/completions"],
  ["openai", {}, "images.edits", "https://api.openai.com/v1/images/edits"],
  ["azure_openai", {}, "chat.completions", "https://own.example.com/base/openai/v1/chat/completions"],
  [
    "azure_openai",
    { apiVersion: "preview" },
    "responses",
    "https://own.example.com/base/openai/v1/responses?api-version=preview",
  ],
  [
    "azure_openai",
    { api: "deployments" },
    "embeddings",
    `https://own.example.com/base/openai/deployments/${MODEL}/embeddings?api-version=2024-10-21`,
  ],
  ["anthropic", {}, "messages", "https://api.anthropic.com/v1/messages"],
  ["anthropic", {}, "messages.count_tokens", "https://api.anthropic.com/v1/messages/count_tokens"],
  [
    "gemini",
    {},
    "generate_content",
    `https://generativelanguage.googleapis.com/v1beta/models/${MODEL}:generateContent`,
  ],
  ["gemini", {}, "embeddings", "https://generativelanguage.googleapis.com/v1beta/openai/embeddings"],
  [
    "vertex_ai",
    { project: "p1", location: "europe-west4" },
    "generate_content",
    `https://europe-west4-aiplatform.googleapis.com/v1/projects/p1/locations/europe-west4/publishers/google/models/${MODEL}:generateContent`,
  ],
  [
    "vertex_ai",
    { project: "p1", location: "global" },
    "embed_content",
    `https://aiplatform.googleapis.com/v1/projects/p1/locations/global/publishers/google/models/${MODEL}:embedContent`,
  ],
  [
    "vertex_ai",
    { project: "p1", location: "us-east5", publisher: "anthropic" },
    "messages",
    `https://us-east5-aiplatform.googleapis.com/v1/projects/p1/locations/us-east5/publishers/anthropic/models/${MODEL}:rawPredict`,
  ],
  ["cohere", {}, "rerank", "https://api.cohere.ai/v2/rerank"],
  ["cohere", {}, "chat.completions", "https://api.cohere.ai/compatibility/v1/chat/completions"],
  ["mistral", {}, "moderations", "https://api.mistral.ai/v1/moderations"],
  ["deepseek", {}, "chat.completions", "https://api.deepseek.com/chat/completions"],
  ["deepseek", {}, "messages", "https://api.deepseek.com/anthropic/v1/messages"],
  ["xai", {}, "responses", "https://api.x.ai/v1/responses"],
  ["perplexity", {}, "responses", "https://api.perplexity.ai/v1/responses"],
  ["perplexity", {}, "chat.completions", "https://api.perplexity.ai/chat/completions"],
  ["moonshot", {}, "chat.completions", "https://api.moonshot.ai/v1/chat/completions"],
  ["alibaba", {}, "chat.completions", "https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions"],
  ["zai", {}, "chat.completions", "https://api.z.ai/api/paas/v4/chat/completions"],
  ["minimax", {}, "chat.completions", "https://api.minimax.io/v1/chat/completions"],
  ["upstage", {}, "embeddings", "https://api.upstage.ai/v1/solar/embeddings"],
  [
    "cloudflare",
    { accountId: "0".repeat(32) },
    "chat.completions",
    `https://api.cloudflare.com/client/v4/accounts/${"0".repeat(32)}/ai/v1/chat/completions`,
  ],
  [
    "databricks",
    { workspace: "dbc-1" },
    "chat.completions",
    "https://dbc-1.cloud.databricks.com/serving-endpoints/chat/completions",
  ],
  ["digitalocean", {}, "messages", "https://inference.do-ai.run/v1/messages"],
  ["github_models", {}, "chat.completions", "https://models.github.ai/inference/chat/completions"],
  ["nvidia_nim", {}, "chat.completions", "https://integrate.api.nvidia.com/v1/chat/completions"],
  ["ovhcloud", {}, "chat.completions", "https://oai.endpoints.kepler.ai.cloud.ovh.net/v1/chat/completions"],
  ["scaleway", {}, "chat.completions", "https://api.scaleway.ai/v1/chat/completions"],
  ["groq", {}, "audio.transcriptions", "https://api.groq.com/openai/v1/audio/transcriptions"],
  ["together", {}, "chat.completions", "https://api.together.ai/v1/chat/completions"],
  ["fireworks", {}, "chat.completions", "https://api.fireworks.ai/inference/v1/chat/completions"],
  ["openrouter", {}, "chat.completions", "https://openrouter.ai/api/v1/chat/completions"],
  ["cerebras", {}, "chat.completions", "https://api.cerebras.ai/v1/chat/completions"],
  ["sambanova", {}, "chat.completions", "https://api.sambanova.ai/v1/chat/completions"],
  ["deepinfra", {}, "chat.completions", "https://api.deepinfra.com/v1/openai/chat/completions"],
  ["hugging_face", {}, "chat.completions", "https://router.huggingface.co/v1/chat/completions"],
  ["baseten", {}, "chat.completions", "https://inference.baseten.co/v1/chat/completions"],
  ["hyperbolic", {}, "chat.completions", "https://api.hyperbolic.xyz/v1/chat/completions"],
  ["nebius", {}, "chat.completions", "https://api.tokenfactory.nebius.com/v1/chat/completions"],
  ["novita", {}, "chat.completions", "https://api.novita.ai/openai/v1/chat/completions"],
  ["siliconflow", {}, "chat.completions", "https://api.siliconflow.com/v1/chat/completions"],
  ["vercel", {}, "chat.completions", "https://ai-gateway.vercel.sh/v1/chat/completions"],
  ["ollama", {}, "chat.completions", "http://localhost:11434/v1/chat/completions"],
  ["vllm", {}, "rerank", "https://own.example.com/base/rerank"],
  ["llama_cpp", {}, "messages", "http://localhost:8080/v1/messages"],
  ["lm_studio", {}, "responses", "http://localhost:1234/v1/responses"],
  ["openai_compatible", {}, "moderations", "https://own.example.com/base/moderations"],
];

describe("where calls go", () => {
  it.each(URLS)("%s %o %s", (provider, options, action, url) => {
    const { endpoints, upstream: made } = compiled(provider, options, null);
    expect(made.origin + endpoints[action]?.path).toBe(url);
  });

  it("is tested for every provider but those that only translate or have paths of their own", () => {
    const tested = new Set<string>(URLS.map(([provider]) => provider));
    expect(PROVIDERS.map(({ kind }) => kind).filter((kind) => !tested.has(kind))).toEqual(["bedrock", "rest"]);
    expect(PROVIDERS.length).toBeGreaterThanOrEqual(25);
  });

  it("leaves responses to translation where a compatible server has none", () => {
    const { endpoints, translation } = compiled("openai_compatible", { responses: "translated" }, null);
    expect([endpoints.responses, endpoints["chat.completions"]?.path]).toEqual([undefined, "/base/chat/completions"]);
    expect(translation?.path).toBe("/base/chat/completions");
  });

  it("has another path for streams where the provider does", () => {
    const options = { project: "p1", location: "us-east5", publisher: "anthropic" };
    expect(compiled("vertex_ai", options, null).endpoints.messages?.streamPath).toMatch(/:streamRawPredict$/);
    expect(compiled("gemini", {}, null).endpoints.stream_generate_content?.path).toMatch(/\?alt=sse$/);
    const { translation } = compiled("bedrock", { region: "eu-central-1" }, null, "anthropic.claude-v1:0");
    expect(translation?.path).toBe("/model/anthropic.claude-v1%3A0/converse");
    expect(translation?.streamPath).toBe("/model/anthropic.claude-v1%3A0/converse-stream");
  });

  it("is no revision's to say where an option is missing or would leave its place", () => {
    expect(() => compiled("bedrock", {}, "https://bedrock.example.com")).toThrow(/Region is required/);
    expect(() => compiled("vertex_ai", { project: "../x", location: "global" }, null)).toThrow(/Project must look/);
    expect(() => compiled("openai", { region: "x" }, null)).toThrow(/no options/);
  });
});

describe("how the credential goes", () => {
  const outgoing = { method: "POST", origin: "", path: "", contentType: "application/json", body: Buffer.alloc(0) };
  const given = (provider: string, path = "") =>
    providerAdapter(provider, {})?.authorize({ ...outgoing, path }, { kind: "apiKey", secret: "s3cret" }, {}, TOOLS);

  it("is in each provider's own header", () => {
    expect(given("anthropic")).toEqual(["x-api-key", "s3cret"]);
    expect(given("azure_openai")).toEqual(["api-key", "s3cret"]);
    expect(given("gemini", "/v1beta/models/m:generateContent")).toEqual(["x-goog-api-key", "s3cret"]);
    expect(given("gemini", "/v1beta/openai/embeddings")).toEqual(["authorization", "Bearer s3cret"]);
    expect(given("bedrock")).toEqual(["authorization", "Bearer s3cret"]);
  });

  it("is a bearer everywhere else, at once", () => {
    const own = new Set(["anthropic", "azure_openai", "gemini", "vertex_ai"]);
    for (const { kind } of PROVIDERS) {
      if (!own.has(kind)) expect([kind, given(kind)]).toEqual([kind, ["authorization", "Bearer s3cret"]]);
    }
  });
});

describe("what was used", () => {
  it.each(ANSWERS)("$provider $action", ({ provider, action, options, body, isStream, used }) => {
    const reader = providerAdapter(provider, options ?? {})?.usageOf(action);
    if (reader === undefined) throw new Error("unreachable");
    let reported: unknown;
    if (isStream && Array.isArray(body)) {
      const scan = new EventScan(false, reader.key);
      for (const event of body) scan.push(Buffer.from(`data: ${JSON.stringify(event)}\n\n`));
      reported = scan.usage;
    } else reported = findUsage(Buffer.from(JSON.stringify(body)), reader.key);
    const usage = reader.read(reported);
    const counts = [
      usage?.inputTokens,
      usage?.cachedInputTokens,
      usage?.cacheWriteTokens,
      usage?.outputTokens,
      usage?.reasoningTokens,
    ];
    expect(counts).toEqual(used);
    expect(usage?.source).toBe("upstream");
  });

  it.each(["openai", "anthropic", "gemini", "cohere"])(
    "is not known to %s's reader where the numbers are none",
    (kind) => {
      const adapter = providerAdapter(kind, {});
      for (const action of ["chat.completions", "messages", "generate_content", "rerank"] as const) {
        for (const value of [
          null,
          {},
          [],
          "x",
          { prompt_tokens: -1 },
          { input_tokens: 1.5 },
          { promptTokenCount: "3" },
        ]) {
          expect(adapter?.usageOf(action).read(value)).toBeNull();
        }
      }
    },
  );
});
