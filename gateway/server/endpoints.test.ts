import { describe, expect, it } from "vitest";
import { GATEWAY_ACTIONS } from "#lib/contract/action.ts";
import { formatOfPath, matchEndpoint } from "./endpoints.ts";

const POSTED = {
  "/v1/chat/completions": "chat.completions",
  "/v1/completions": "completions",
  "/v1/responses": "responses",
  "/v1/embeddings": "embeddings",
  "/v1/images/generations": "images.generations",
  "/v1/images/edits": "images.edits",
  "/v1/images/variations": "images.variations",
  "/v1/audio/speech": "audio.speech",
  "/v1/audio/transcriptions": "audio.transcriptions",
  "/v1/audio/translations": "audio.translations",
  "/v1/moderations": "moderations",
  "/v1/rerank": "rerank",
  "/v1/messages": "messages",
  "/v1/messages/count_tokens": "messages.count_tokens",
} as const;
const METHODS = ["GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

describe("a path that takes a body", () => {
  it.each(Object.entries(POSTED))("%s is %s by POST alone", (path, action) => {
    const match = { kind: "action", action, tail: null, format: GATEWAY_ACTIONS[action] };
    expect(matchEndpoint("POST", path)).toEqual(match);
    expect(matchEndpoint("POST", `${path}?beta=true`)).toEqual(match);
    for (const method of METHODS) expect(matchEndpoint(method, path)).toEqual({ kind: "wrong_method", allow: "POST" });
    expect(matchEndpoint("POST", `${path}/`).kind).not.toBe("action");
    expect(matchEndpoint("POST", `${path}/x`).kind).not.toBe("action");
  });

  it("leaves no action without a path", () => {
    const byPath = [
      "models",
      "generate_content",
      "stream_generate_content",
      "embed_content",
      "batch_embed_contents",
      "http",
    ];
    expect(new Set([...Object.values(POSTED), ...byPath])).toEqual(new Set(Object.keys(GATEWAY_ACTIONS)));
  });
});

describe("Gemini's paths", () => {
  const actions = {
    generateContent: "generate_content",
    streamGenerateContent: "stream_generate_content",
    embedContent: "embed_content",
    batchEmbedContents: "batch_embed_contents",
  };
  const models = {
    smart: "smart",
    "smart@1.2": "smart@1.2",
    "smart%401.2": "smart@1.2",
    "llama3:8b": "llama3:8b",
    "llama3%3A8b": "llama3:8b",
    "team%2Fsmart": "team/smart",
    "team/smart": "team/smart",
  };

  it.each(Object.entries(actions))(":%s names a model in the path", (method, action) => {
    for (const [written, tail] of Object.entries(models)) {
      const match = { kind: "action", action, tail, format: "gemini" };
      expect(matchEndpoint("POST", `/v1beta/models/${written}:${method}?alt=sse`)).toEqual(match);
      expect(matchEndpoint("POST", `/v1/models/${written}:${method}?alt=sse`)).toEqual(match);
    }
    expect(formatOfPath(`/v1/models/smart:${method}?alt=sse`)).toBe("gemini");
    expect(matchEndpoint("GET", `/v1/models/${method}`)).toMatchObject({ action: "models", format: "openai" });
    expect(matchEndpoint("GET", `/v1beta/models/smart:${method}`)).toEqual({ kind: "wrong_method", allow: "POST" });
    expect(matchEndpoint("POST", `/v1beta/models/:${method}`)).toEqual({ kind: "not_found" });
    expect(matchEndpoint("POST", `/v1beta/models/%E0%A4%A:${method}`)).toEqual({ kind: "not_found" });
  });

  it("lists models", () => {
    const list = { kind: "action", action: "models", tail: null, format: "gemini" };
    expect(matchEndpoint("GET", "/v1beta/models")).toEqual(list);
    expect(matchEndpoint("GET", "/v1beta/models?pageSize=50")).toEqual(list);
    expect(matchEndpoint("GET", "/v1beta/models/llama3:8b")).toEqual({ ...list, tail: "llama3:8b" });
    expect(matchEndpoint("POST", "/v1beta/models")).toEqual({ kind: "wrong_method", allow: "GET" });
  });

  it.each(["countTokens", "predict", "batchGenerateContent"])("does not serve :%s", (method) => {
    expect(matchEndpoint("POST", `/v1beta/models/smart:${method}`)).toEqual({ kind: "not_supported" });
  });
});

describe("other paths", () => {
  it("reads one model's name", () => {
    const match = { kind: "action", action: "models", tail: "a/b@1.0.0", format: "openai" };
    expect(matchEndpoint("GET", "/v1/models/a%2Fb@1.0.0")).toEqual(match);
    expect(matchEndpoint("DELETE", "/v1/models/a")).toEqual({ kind: "wrong_method", allow: "GET" });
    expect(matchEndpoint("GET", "/v1/models/")).toEqual({ kind: "not_found" });
    expect(matchEndpoint("GET", "/v1/models/%")).toEqual({ kind: "not_found" });
  });

  it("hands a REST call on with its query, by any method", () => {
    for (const method of ["GET", "POST", "DELETE", "PATCH"]) {
      const match = { kind: "action", action: "http", tail: "crm/v1/a%20b?x=%2F", format: "http" };
      expect(matchEndpoint(method, "/apis/crm/v1/a%20b?x=%2F")).toEqual(match);
    }
  });

  it.each([
    "/v1/files",
    "/v1/files/file-1/content",
    "/v1/batches",
    "/v1/fine_tuning/jobs",
    "/v1/realtime",
    "/v1/assistants",
    "/v1/responses/resp_1",
    "/v1/chat/completions/chatcmpl-1",
    "/v1/messages/batches",
    "/v1beta/files",
    "/upload/v1beta/files",
    "/v1beta/cachedContents/c",
    "/mcp",
    "/mcp/x",
  ])("%s is known and not served", (path) => {
    expect(matchEndpoint("POST", path)).toEqual({ kind: "not_supported" });
    expect(matchEndpoint("GET", path)).toEqual({ kind: "not_supported" });
  });

  it.each(["/", "", "*", "/v1", "/v2/chat/completions", "/v1/chat", "//v1/chat/completions", "/V1/models", "/apis"])(
    "%s is nothing",
    (path) => {
      expect(matchEndpoint("POST", path)).toEqual({ kind: "not_found" });
    },
  );

  it("answers in the dialect of the path", () => {
    expect(formatOfPath("/v1/messages/batches")).toBe("anthropic");
    expect(formatOfPath("/v1beta/files?x=1")).toBe("gemini");
    expect(formatOfPath("/v1/files")).toBe("openai");
  });
});
