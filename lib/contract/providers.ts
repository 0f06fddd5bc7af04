import type { CredentialKind } from "./credential-kind.ts";

/** A setting that only some providers have. Values are strings; `choices` closes the set. */
export interface ProviderOption {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly isRequired: boolean;
  /** What a value must match: it becomes part of a host name or path. */
  readonly pattern: RegExp;
  readonly example: string;
  readonly choices?: readonly string[];
}

/** How the console groups providers. */
export type ProviderGroup = "Model makers" | "Clouds" | "Inference hosts" | "Your own";

export interface Provider {
  readonly kind: string;
  readonly label: string;
  readonly group: ProviderGroup;
  /** Where calls go unless the upstream says otherwise; `{option}` stands for an option's value. Null: it must be said. */
  readonly defaultBaseUrl: string | null;
  readonly options: readonly ProviderOption[];
  /** The forms its credential may have, the usual one first. */
  readonly credentials: readonly CredentialKind[];
}

const KEY = ["apiKey"] as const;
const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

function row<K extends string>(kind: K, label: string, group: ProviderGroup, defaultBaseUrl: string | null) {
  return { kind, label, group, defaultBaseUrl, options: [], credentials: KEY } as const satisfies Provider;
}

const AZURE_OPTIONS: readonly ProviderOption[] = [
  {
    name: "api",
    label: "API",
    hint: "v1 names the deployment in the body; deployments names it in the path and needs an API version.",
    isRequired: false,
    pattern: /^(v1|deployments)$/,
    example: "v1",
    choices: ["v1", "deployments"],
  },
  {
    name: "apiVersion",
    label: "API version",
    hint: "Sent as api-version. Left out, the deployments API gets 2024-10-21 and v1 none.",
    isRequired: false,
    pattern: /^(\d{4}-\d{2}-\d{2}(-preview)?|preview|latest|v1)$/,
    example: "2024-10-21",
  },
];

const VERTEX_OPTIONS: readonly ProviderOption[] = [
  {
    name: "project",
    label: "Project",
    hint: "The Google Cloud project's id.",
    isRequired: true,
    pattern: /^[a-z0-9][a-z0-9:.-]{1,62}$/,
    example: "my-project",
  },
  {
    name: "location",
    label: "Location",
    hint: "A region such as europe-west4, or global.",
    isRequired: true,
    pattern: /^[a-z][a-z0-9-]{1,40}$/,
    example: "europe-west4",
  },
  {
    name: "publisher",
    label: "Publisher",
    hint: "Whose models: Gemini of google (as if left out), or Claude of anthropic.",
    isRequired: false,
    pattern: /^(google|anthropic)$/,
    example: "google",
    choices: ["google", "anthropic"],
  },
];

const BEDROCK_OPTIONS: readonly ProviderOption[] = [
  {
    name: "region",
    label: "Region",
    hint: "The AWS region that calls are signed for and sent to.",
    isRequired: true,
    pattern: /^[a-z]{2}(-[a-z]+){1,3}-\d{1,2}$/,
    example: "eu-central-1",
  },
];

const CLOUDFLARE_OPTIONS: readonly ProviderOption[] = [
  {
    name: "accountId",
    label: "Account id",
    hint: "The account whose Workers AI is called.",
    isRequired: true,
    pattern: /^[0-9a-f]{32}$/,
    example: "0123456789abcdef0123456789abcdef",
  },
];

const DATABRICKS_OPTIONS: readonly ProviderOption[] = [
  {
    name: "workspace",
    label: "Workspace host",
    hint: "The first part of the workspace's address, before .cloud.databricks.com.",
    isRequired: true,
    pattern: NAME,
    example: "dbc-a1b2345c-d6e7",
  },
];

const COMPATIBLE_OPTIONS: readonly ProviderOption[] = [
  {
    name: "responses",
    label: "Responses",
    hint: "Whether the server has /responses itself (as if left out), or calls of it are translated to chat completions.",
    isRequired: false,
    pattern: /^(native|translated)$/,
    example: "translated",
    choices: ["native", "translated"],
  },
];

/** Any API behind a route of kind `http`; it serves no models. */
export const REST_PROVIDER = "rest";

const REST_OPTIONS: readonly ProviderOption[] = [
  {
    name: "credentialIn",
    label: "Credential in",
    hint: "Where the API wants its key: as a bearer (as if left out), in a header, or in the query.",
    isRequired: false,
    pattern: /^(bearer|header|query)$/,
    example: "header",
    choices: ["bearer", "header", "query"],
  },
  {
    name: "credentialName",
    label: "Credential name",
    hint: "The header's or the query parameter's name. Left out: x-api-key, or key.",
    isRequired: false,
    pattern:
      /^(?!(?:host|connection|te|trailer|upgrade|cookie|expect|transfer-encoding|content-.*|proxy-.*|x-turnpike-.*)$)[A-Za-z](?:[A-Za-z0-9_-]{0,58}[A-Za-z0-9])?$/i,
    example: "x-api-key",
  },
];

/** The provider kinds a node has an adapter for: the control plane validates `provider` and `options` against this list. */
export const PROVIDERS = [
  row("openai", "OpenAI", "Model makers", "https://api.openai.com/v1"),
  row("anthropic", "Anthropic", "Model makers", "https://api.anthropic.com"),
  row("gemini", "Google Gemini", "Model makers", "https://generativelanguage.googleapis.com"),
  row("mistral", "Mistral", "Model makers", "https://api.mistral.ai/v1"),
  row("deepseek", "DeepSeek", "Model makers", "https://api.deepseek.com"),
  row("xai", "xAI", "Model makers", "https://api.x.ai/v1"),
  row("cohere", "Cohere", "Model makers", "https://api.cohere.ai"),
  row("perplexity", "Perplexity", "Model makers", "https://api.perplexity.ai"),
  row("moonshot", "Moonshot AI", "Model makers", "https://api.moonshot.ai/v1"),
  row("alibaba", "Alibaba Model Studio", "Model makers", "https://dashscope-intl.aliyuncs.com/compatible-mode/v1"),
  row("zai", "Z.AI", "Model makers", "https://api.z.ai/api/paas/v4"),
  row("minimax", "MiniMax", "Model makers", "https://api.minimax.io/v1"),
  row("upstage", "Upstage", "Model makers", "https://api.upstage.ai/v1/solar"),
  {
    kind: "azure_openai",
    label: "Azure OpenAI",
    group: "Clouds",
    defaultBaseUrl: null,
    options: AZURE_OPTIONS,
    credentials: KEY,
  },
  {
    kind: "vertex_ai",
    label: "Google Vertex AI",
    group: "Clouds",
    defaultBaseUrl: "https://{location}-aiplatform.googleapis.com/v1",
    options: VERTEX_OPTIONS,
    credentials: ["serviceAccount"],
  },
  {
    kind: "bedrock",
    label: "Amazon Bedrock",
    group: "Clouds",
    defaultBaseUrl: "https://bedrock-runtime.{region}.amazonaws.com",
    options: BEDROCK_OPTIONS,
    credentials: ["awsKeys", "apiKey"],
  },
  {
    kind: "cloudflare",
    label: "Cloudflare Workers AI",
    group: "Clouds",
    defaultBaseUrl: "https://api.cloudflare.com/client/v4/accounts/{accountId}/ai/v1",
    options: CLOUDFLARE_OPTIONS,
    credentials: KEY,
  },
  {
    kind: "databricks",
    label: "Databricks",
    group: "Clouds",
    defaultBaseUrl: "https://{workspace}.cloud.databricks.com/serving-endpoints",
    options: DATABRICKS_OPTIONS,
    credentials: KEY,
  },
  row("digitalocean", "DigitalOcean", "Clouds", "https://inference.do-ai.run/v1"),
  row("github_models", "GitHub Models", "Clouds", "https://models.github.ai/inference"),
  row("nvidia_nim", "NVIDIA NIM", "Clouds", "https://integrate.api.nvidia.com/v1"),
  row("ovhcloud", "OVHcloud AI Endpoints", "Clouds", "https://oai.endpoints.kepler.ai.cloud.ovh.net/v1"),
  row("scaleway", "Scaleway", "Clouds", "https://api.scaleway.ai/v1"),
  row("groq", "Groq", "Inference hosts", "https://api.groq.com/openai/v1"),
  row("together", "Together AI", "Inference hosts", "https://api.together.ai/v1"),
  row("fireworks", "Fireworks AI", "Inference hosts", "https://api.fireworks.ai/inference/v1"),
  row("openrouter", "OpenRouter", "Inference hosts", "https://openrouter.ai/api/v1"),
  row("cerebras", "Cerebras", "Inference hosts", "https://api.cerebras.ai/v1"),
  row("sambanova", "SambaNova", "Inference hosts", "https://api.sambanova.ai/v1"),
  row("deepinfra", "DeepInfra", "Inference hosts", "https://api.deepinfra.com/v1/openai"),
  row("hugging_face", "Hugging Face", "Inference hosts", "https://router.huggingface.co/v1"),
  row("baseten", "Baseten", "Inference hosts", "https://inference.baseten.co/v1"),
  row("hyperbolic", "Hyperbolic", "Inference hosts", "https://api.hyperbolic.xyz/v1"),
  row("nebius", "Nebius Token Factory", "Inference hosts", "https://api.tokenfactory.nebius.com/v1"),
  row("novita", "Novita AI", "Inference hosts", "https://api.novita.ai/openai/v1"),
  row("siliconflow", "SiliconFlow", "Inference hosts", "https://api.siliconflow.com/v1"),
  row("vercel", "Vercel AI Gateway", "Inference hosts", "https://ai-gateway.vercel.sh/v1"),
  row("ollama", "Ollama", "Your own", "http://localhost:11434/v1"),
  row("vllm", "vLLM", "Your own", null),
  row("llama_cpp", "llama.cpp", "Your own", "http://localhost:8080/v1"),
  row("lm_studio", "LM Studio", "Your own", "http://localhost:1234/v1"),
  {
    kind: "openai_compatible",
    label: "OpenAI-compatible",
    group: "Your own",
    defaultBaseUrl: null,
    options: COMPATIBLE_OPTIONS,
    credentials: KEY,
  },
  {
    kind: REST_PROVIDER,
    label: "REST API",
    group: "Your own",
    defaultBaseUrl: null,
    options: REST_OPTIONS,
    credentials: KEY,
  },
] as const satisfies readonly Provider[];

export type ProviderKind = (typeof PROVIDERS)[number]["kind"];

const BY_KIND: ReadonlyMap<string, Provider> = new Map(PROVIDERS.map((provider) => [provider.kind, provider]));

/** What is known of a kind; undefined for one that no node speaks. */
export function providerOf(kind: string): Provider | undefined {
  return BY_KIND.get(kind);
}

/** Whether a node can speak to an upstream of this kind. */
export function isProviderKind(text: string): text is ProviderKind {
  return BY_KIND.has(text);
}

export type ProviderOptions = Readonly<Record<string, string>>;

/** Puts options' values into the `{option}` places of a text; null when one is missing. */
export function fillOptions(template: string, options: ProviderOptions): string | null {
  let isWhole = true;
  const filled = template.replaceAll(/\{(\w+)\}/g, (_place, name: string) => {
    const value = Object.hasOwn(options, name) ? options[name] : undefined;
    if (value === undefined) isWhole = false;
    return value ?? "";
  });
  return isWhole ? filled : null;
}

/** The address of a provider with these options; null where the upstream must name it. */
export function defaultBaseUrl(kind: string, options: ProviderOptions): string | null {
  // Vertex AI's global location is the one without a prefix.
  if (kind === "vertex_ai" && options["location"] === "global") return "https://aiplatform.googleapis.com/v1";
  const template = providerOf(kind)?.defaultBaseUrl ?? null;
  return template === null ? null : fillOptions(template, options);
}

/** One thing wrong with an upstream's options. */
export interface OptionProblem {
  readonly name: string;
  readonly code: "unknown_option" | "missing_option" | "invalid_option";
  readonly detail: string;
}

/** Everything wrong with the options of an upstream of this kind: what it does not have, what is missing, what does not fit. */
export function findOptionProblems(kind: string, options: ProviderOptions): OptionProblem[] {
  const known = providerOf(kind)?.options ?? [];
  const problems: OptionProblem[] = [];
  for (const name of Object.keys(options)) {
    if (known.some((option) => option.name === name)) continue;
    const names = known.map((option) => option.name).join(", ");
    const detail = names === "" ? "This provider has no options." : `This provider has only these options: ${names}.`;
    problems.push({ name, code: "unknown_option", detail });
  }
  for (const { name, label, isRequired, pattern, example } of known) {
    const value = Object.hasOwn(options, name) ? options[name] : undefined;
    if (value === undefined) {
      if (isRequired) problems.push({ name, code: "missing_option", detail: `${label} is required: "${example}".` });
    } else if (!pattern.test(value)) {
      problems.push({ name, code: "invalid_option", detail: `${label} must look like "${example}".` });
    }
  }
  return problems;
}
