import type { RequestView } from "#lib/domain/request/schemas.ts";

const paths: Record<string, string> = {
  "chat.completions": "/v1/chat/completions",
  completions: "/v1/completions",
  embeddings: "/v1/embeddings",
  models: "/v1/models",
};

/** A call like this one for a shell. What was said in it is not kept, so the words are to be filled in. */
export function callSnippet(call: RequestView, gatewayUrl: string): string {
  const url = `${gatewayUrl}${paths[call.action] ?? "/v1/chat/completions"}`;
  if (call.action === "models") return `curl ${url} -H "authorization: Bearer $TURNPIKE_KEY"`;
  const text = "the prompt is not recorded";
  const input =
    call.action === "embeddings" ? { input: text } : call.action === "completions" ? { prompt: text } : null;
  const body = {
    model: call.requestedModel ?? "",
    ...(input ?? { messages: [{ role: "user", content: text }] }),
    ...(call.stream ? { stream: true } : {}),
    ...(call.endUser === null ? {} : { user: call.endUser }),
  };
  const json = JSON.stringify(body).replaceAll("'", "'\\''");
  return [
    `curl ${url} \\`,
    `  -H "authorization: Bearer $TURNPIKE_KEY" \\`,
    `  -H "content-type: application/json" \\`,
    `  -d '${json}'`,
  ].join("\n");
}
