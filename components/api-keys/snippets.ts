import type { CodeSample } from "#components/ui/code-block.tsx";

/** What a snippet is filled with. `model` is the name of a route; null where none is published yet. */
export type SnippetParts = { gatewayUrl: string; secret: string; model: string | null };

/** Ready to paste: the same call by curl, both official OpenAI SDKs, and as environment variables. */
export function keySnippets(parts: SnippetParts): [CodeSample, ...CodeSample[]] {
  return [
    { language: "curl", code: curlSnippet(parts) },
    { language: "openai-node", code: nodeSnippet(parts) },
    { language: "openai-python", code: pythonSnippet(parts) },
    { language: "env", code: envSnippet(parts) },
  ];
}

function curlSnippet({ gatewayUrl, secret, model }: SnippetParts): string {
  if (model === null) return `curl ${gatewayUrl}/v1/models \\\n  -H "Authorization: Bearer ${secret}"`;
  return `curl ${gatewayUrl}/v1/chat/completions \\
  -H "Authorization: Bearer ${secret}" \\
  -H "Content-Type: application/json" \\
  -d '{
    "model": "${model}",
    "messages": [{"role": "user", "content": "Hello!"}]
  }'`;
}

function nodeSnippet({ gatewayUrl, secret, model }: SnippetParts): string {
  const client = `import OpenAI from "openai";

const client = new OpenAI({
  baseURL: "${gatewayUrl}/v1",
  apiKey: "${secret}",
});
`;
  if (model === null) return `${client}\nfor await (const model of client.models.list()) console.log(model.id);`;
  return `${client}
const completion = await client.chat.completions.create({
  model: "${model}",
  messages: [{ role: "user", content: "Hello!" }],
});
console.log(completion.choices[0].message.content);`;
}

function pythonSnippet({ gatewayUrl, secret, model }: SnippetParts): string {
  const client = `from openai import OpenAI

client = OpenAI(
    base_url="${gatewayUrl}/v1",
    api_key="${secret}",
)
`;
  if (model === null) return `${client}\nfor model in client.models.list():\n    print(model.id)`;
  return `${client}
completion = client.chat.completions.create(
    model="${model}",
    messages=[{"role": "user", "content": "Hello!"}],
)
print(completion.choices[0].message.content)`;
}

function envSnippet({ gatewayUrl, secret }: SnippetParts): string {
  return `OPENAI_BASE_URL=${gatewayUrl}/v1\nOPENAI_API_KEY=${secret}`;
}
