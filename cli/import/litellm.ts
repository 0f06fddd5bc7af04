import {
  type FoundSecret,
  type FoundTarget,
  type FoundUpstream,
  type FoundVersion,
  flatPrice,
  type ImportDraft,
  perMillion,
  wholeWeights,
} from "#cli/import/draft.ts";
import type { Part } from "#cli/import/part.ts";

/** LiteLLM's names of providers that are called otherwise here. */
const PROVIDERS: Readonly<Record<string, string>> = {
  azure: "azure_openai",
  azure_ai: "openai_compatible",
  bedrock: "bedrock",
  cohere_chat: "cohere",
  custom_openai: "openai_compatible",
  dashscope: "alibaba",
  fireworks_ai: "fireworks",
  gemini: "gemini",
  github: "github_models",
  google: "gemini",
  hosted_vllm: "vllm",
  huggingface: "hugging_face",
  lm_studio: "lm_studio",
  llamafile: "llama_cpp",
  nvidia_nim: "nvidia_nim",
  ollama_chat: "ollama",
  openai_like: "openai_compatible",
  "text-completion-openai": "openai",
  together_ai: "together",
  vertex_ai: "vertex_ai",
  vertex_ai_beta: "vertex_ai",
};
const STRATEGIES: Readonly<Record<string, string>> = {
  "least-busy": "least_connections",
  "latency-based-routing": "lowest_latency",
};
/** `name/model` where the provider is left out: OpenAI's and Anthropic's own models. */
const BARE: readonly [RegExp, string][] = [
  [/^(gpt-|o\d|chatgpt-|text-embedding-|dall-e|whisper|tts-)/, "openai"],
  [/^claude-/, "anthropic"],
];
const SAMPLING = "parameters of a call are the caller's here";

interface Deployment {
  name: string;
  target: FoundTarget;
  pointer: string;
  rpm: number | undefined;
  weight: number | undefined;
  order: number | undefined;
  totalMs: number | undefined;
  retries: number | undefined;
}

/** Reads a LiteLLM proxy's `config.yaml`. */
export function importLiteLlm(file: Part, draft: ImportDraft): void {
  const settings = file.part("litellm_settings");
  const router = file.part("router_settings");
  const deployments = file.parts("model_list").flatMap((entry) => deployment(entry, draft) ?? []);
  const common = commonVersion(settings, router, draft);
  const groups = Map.groupBy(deployments, ({ name }) => name);
  const fallbacks = fallbackLists([...router.parts("fallbacks"), ...settings.parts("fallbacks")]);
  const versions = new Map<string, FoundVersion>();
  for (const [name, members] of groups) {
    const version = versionOf(name, members, groups, fallbacks.get(name) ?? [], common, draft);
    versions.set(name, version);
    draft.route(name, version, members[0]?.pointer ?? file.at("model_list"));
  }
  aliases(router, versions, draft);
  settings.ignore("set_verbose", "json_logs", "telemetry");
  settings.loseRest(SETTINGS_LOST);
  router.loseRest(ROUTER_LOST);
  file.part("general_settings").loseRest(GENERAL_LOST);
  file.loseRest({
    environment_variables: "variables are the environment's: set them where Turnpike or the command line runs",
    guardrails: "set guardrails of the route versions by hand (docs/guardrails.md)",
    mcp_servers: "MCP is not something Turnpike serves",
  });
  if (!draft.hasPlan("imported")) draft.plan("imported", { routes: ["*"] });
}

const SETTINGS_LOST = {
  callbacks: "calls are logged and measured by Turnpike itself; observability is OpenTelemetry",
  success_callback: "calls are logged and measured by Turnpike itself; observability is OpenTelemetry",
  failure_callback: "calls are logged and measured by Turnpike itself; observability is OpenTelemetry",
  context_window_fallbacks: "a call that is too long is not sent elsewhere",
  content_policy_fallbacks: "a refused call is not sent elsewhere",
  default_fallbacks: "fallbacks are a route's own: give its version targets with a higher priority number",
  cache_params: "the cache is exact, and in the node or in Valkey (VALKEY_URL)",
  max_budget: "quotas are not carried; see plans",
};
const ROUTER_LOST = {
  redis_host: "shared limits use VALKEY_URL of the nodes",
  redis_port: "shared limits use VALKEY_URL of the nodes",
  redis_password: "shared limits use VALKEY_URL of the nodes",
  redis_url: "shared limits use VALKEY_URL of the nodes",
  cooldown_time: "the health policy of an upstream says when it is left alone (docs/routing.md)",
  allowed_fails: "the health policy of an upstream says when it is left alone (docs/routing.md)",
  enable_pre_call_checks: "a call that does not fit is refused by the provider, or by a guardrail max_prompt",
};
const GENERAL_LOST = {
  master_key: "make a management token and API keys in Turnpike: keys are not moved",
  salt_key: "Turnpike seals secrets with its own master key",
  database_url: "Turnpike has a database of its own (DATABASE_URL)",
  store_model_in_db: "Turnpike keeps its policy in its own database",
  alerting: "alerts are not part of a declaration",
};

function deployment(entry: Part, draft: ImportDraft): Deployment | null {
  const name = entry.text("model_name");
  const params = entry.part("litellm_params");
  const info = entry.part("model_info");
  const model = params.text("model");
  if (name === undefined || model === undefined) {
    entry.lose("model_name or litellm_params.model is missing");
    return null;
  }
  if (name.includes("*") || model.includes("*")) {
    entry.lose("a wildcard: each model needs a route of its own");
    return null;
  }
  const [provider, own] = splitModel(model, params.text("custom_llm_provider"));
  const rpm = params.number("rpm") ?? entry.number("rpm");
  const tpm = params.number("tpm") ?? entry.number("tpm");
  const found: FoundUpstream = {
    provider,
    baseUrl: address(params, provider, draft),
    options: options(params, provider),
    rateLimits: [...limit("requests", rpm), ...limit("tokens", tpm)],
    credential: credential(params, provider),
  };
  // Limits are of a deployment: an upstream with limits is its alone.
  const wish = rpm === undefined && tpm === undefined ? provider : `${provider}-${name}`;
  const upstream = draft.upstream(wish.replaceAll(/[^\w.-]+/g, "-"), found, params.at("model"));
  prices(draft, provider, own, params, info);
  const timeout = params.number("timeout", "request_timeout");
  const found2 = {
    rpm,
    weight: params.number("weight"),
    order: params.number("order"),
    totalMs: timeout === undefined ? undefined : Math.round(timeout * 1_000),
    retries: params.number("max_retries", "num_retries"),
  };
  losses(entry, params, info);
  if (upstream === null) return null;
  return { name, target: { upstream, model: own }, pointer: entry.pointer, ...found2 };
}

function losses(entry: Part, params: Part, info: Part): void {
  params.loseRest({
    temperature: SAMPLING,
    max_tokens: "bound answers with a guardrail max_output (docs/guardrails.md)",
    top_p: SAMPLING,
    seed: SAMPLING,
    stream_timeout: "timeouts of a version are firstByteMs, idleMs and totalMs",
    organization: "an OpenAI organization is the key's own",
    extra_headers: "headers to model upstreams cannot be added",
    max_parallel_requests: "give the upstream a rate limit of the metric concurrency",
    tags: "routing by tag has no equal: make routes or versions",
  });
  info.ignore(
    "id",
    "mode",
    "base_model",
    "description",
    "supports_vision",
    "supports_function_calling",
    "max_input_tokens",
    "max_output_tokens",
    "max_tokens",
  );
  info.loseRest({}, "what a model can do comes from Turnpike's catalogue");
  entry.loseRest();
}

function splitModel(model: string, custom: string | undefined): [string, string] {
  const slash = model.indexOf("/");
  if (custom !== undefined) return [PROVIDERS[custom] ?? custom, model];
  if (slash === -1) return [BARE.find(([pattern]) => pattern.test(model))?.[1] ?? "openai", model];
  const prefix = model.slice(0, slash);
  let own = model.slice(slash + 1);
  if (prefix === "bedrock") own = own.replace(/^(converse|invoke)\//, "");
  return [PROVIDERS[prefix] ?? prefix, own];
}

function address(params: Part, provider: string, draft: ImportDraft): string | undefined {
  const base = params.text("api_base", "base_url");
  if (base?.startsWith("os.environ/")) {
    draft.findings.lose(params.at("api_base"), "the address is in a variable: write it into the declaration");
    return undefined;
  }
  if (base !== undefined && provider === "ollama" && !/\/v1\/?$/.test(base)) return `${base.replace(/\/$/, "")}/v1`;
  return base;
}

function options(params: Part, provider: string): Record<string, string> {
  const given: Record<string, string | undefined> = {};
  if (provider === "azure_openai") {
    const apiVersion = params.text("api_version");
    if (apiVersion !== undefined) Object.assign(given, { api: "deployments", apiVersion });
  } else if (provider === "bedrock") given.region = params.text("aws_region_name");
  else if (provider === "vertex_ai") {
    given.project = params.text("vertex_project");
    given.location = params.text("vertex_location");
  } else params.ignore("api_version");
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) =>
      value === undefined || value.startsWith("os.environ/") ? [] : [[name, value]],
    ),
  );
}

function credential(params: Part, provider: string): FoundSecret | undefined {
  if (params.has("aws_access_key_id") || params.has("aws_secret_access_key")) {
    params.ignore("aws_access_key_id", "aws_secret_access_key", "aws_session_token");
    return { kind: "awsKeys", pointer: params.at("aws_secret_access_key") };
  }
  if (provider === "vertex_ai") {
    params.ignore("vertex_credentials");
    return {
      kind: "serviceAccount",
      pointer: params.at(params.has("vertex_credentials") ? "vertex_credentials" : "model"),
    };
  }
  const key = params.text("api_key");
  if (key === undefined || /^(none|no-?key|fake.*|dummy|anything)$/i.test(key)) return undefined;
  const variable = /^os\.environ\/([A-Za-z_]\w*)$/.exec(key)?.[1];
  return { pointer: params.at("api_key"), variable };
}

function limit(metric: "requests" | "tokens", most: number | undefined): object[] {
  return most === undefined || most < 1 ? [] : [{ metric, limit: Math.floor(most), windowSeconds: 60 }];
}

function prices(draft: ImportDraft, provider: string, model: string, ...parts: Part[]): void {
  const cost = (name: string) => parts.map((part) => part.number(name)).find((value) => value !== undefined);
  const [input, output] = [cost("input_cost_per_token"), cost("output_cost_per_token")];
  if (input === undefined && output === undefined) return;
  const dollars = (value: number | undefined) => flatPrice(value === undefined ? undefined : perMillion(value));
  draft.price(provider, model, JSON.parse(JSON.stringify({ input: dollars(input), output: dollars(output) })));
}

function commonVersion(settings: Part, router: Part, draft: ImportDraft): Partial<FoundVersion> {
  const retries = router.number("num_retries") ?? settings.number("num_retries");
  const timeout = router.number("timeout") ?? settings.number("request_timeout");
  const params = settings.part("cache_params");
  const isCached = settings.isOn("cache");
  const kind = params.text("type");
  if (isCached && kind?.includes("semantic"))
    draft.findings.lose(params.at("type"), "answers are cached for the same call only, not for similar ones");
  const ttl = params.number("ttl");
  if (isCached) params.ignore("host", "port", "password", "namespace", "supported_call_types", "mode");
  if (isCached) params.loseRest();
  const strategy = router.text("routing_strategy");
  const isKnown = strategy === undefined || strategy === "simple-shuffle" || strategy in STRATEGIES;
  if (!isKnown)
    draft.findings.lose(router.at("routing_strategy"), "there is no such strategy here; targets take turns instead");
  return {
    ...(strategy !== undefined && strategy in STRATEGIES ? { strategy: STRATEGIES[strategy] } : {}),
    ...(retries === undefined ? {} : { retry: { attempts: attempts(retries) } }),
    ...(timeout === undefined ? {} : { timeouts: { totalMs: Math.round(timeout * 1_000) } }),
    ...(isCached ? { cache: { ttlSeconds: ttl ?? 600, ...(kind === "redis" ? { shared: true } : {}) } } : {}),
    ...(settings.isOn("drop_params") ? { onNotCarried: "drop" } : {}),
  };
}

function attempts(retries: number): number {
  return Math.min(10, Math.max(1, Math.round(retries) + 1));
}

function versionOf(
  name: string,
  members: Deployment[],
  groups: ReadonlyMap<string, Deployment[]>,
  fallbacks: { names: string[]; pointer: string }[],
  common: Partial<FoundVersion>,
  draft: ImportDraft,
): FoundVersion {
  const shares = members.map(({ weight, rpm }) => weight ?? rpm);
  const isWeighted = shares.every((share) => share !== undefined) && new Set(shares).size > 1;
  const weights = isWeighted ? wholeWeights(shares.map((share) => share ?? 1)) : [];
  const hasOrder = members.some(({ order }) => order !== undefined);
  const targets = members.map(({ target, order }, index) => ({
    ...target,
    ...(isWeighted ? { weight: weights[index] ?? 1 } : {}),
    ...(hasOrder ? { priority: Math.max(0, Math.round((order ?? 1) - 1)) } : {}),
  }));
  const behind = fallbackTargets(
    name,
    groups,
    fallbacks,
    draft,
    hasOrder ? Math.max(...targets.map((each) => each.priority ?? 0)) : 0,
  );
  const totalMs = members.map((each) => each.totalMs).find((value) => value !== undefined);
  const retries = members.map((each) => each.retries).find((value) => value !== undefined);
  const isPriority = behind.length > 0 || hasOrder;
  if (isPriority && common.strategy !== undefined)
    draft.findings.note(
      members[0]?.pointer ?? "",
      "with fallbacks the strategy is priority: within one priority targets go by weight",
    );
  return {
    ...common,
    ...(isPriority
      ? { strategy: "priority" }
      : isWeighted && common.strategy === undefined
        ? { strategy: "weighted" }
        : {}),
    ...(retries === undefined ? {} : { retry: { attempts: attempts(retries) } }),
    ...(totalMs === undefined ? {} : { timeouts: { totalMs } }),
    targets: [...targets, ...behind],
  };
}

function fallbackTargets(
  name: string,
  groups: ReadonlyMap<string, Deployment[]>,
  lists: { names: string[]; pointer: string }[],
  draft: ImportDraft,
  after: number,
): FoundTarget[] {
  return lists.flatMap(({ names, pointer }) =>
    names.flatMap((other, index) => {
      const members = groups.get(other);
      if (members && other !== name) return members.map(({ target }) => ({ ...target, priority: after + index + 1 }));
      draft.findings.lose(
        pointer,
        `the fallback of ${name} names a model that is not in model_list or could not be carried`,
      );
      return [];
    }),
  );
}

function fallbackLists(entries: Part[]): Map<string, { names: string[]; pointer: string }[]> {
  const lists = new Map<string, { names: string[]; pointer: string }[]>();
  for (const entry of entries) {
    for (const name of entry.names) {
      const names = entry.texts(name);
      lists.set(name, [...(lists.get(name) ?? []), { names, pointer: entry.at(name) }]);
    }
  }
  return lists;
}

function aliases(router: Part, versions: ReadonlyMap<string, FoundVersion>, draft: ImportDraft): void {
  const alias = router.part("model_group_alias");
  for (const name of alias.names) {
    const value = alias.any(name);
    const model = typeof value === "string" ? value : alias.part(name).text("model");
    const version = model === undefined ? undefined : versions.get(model);
    if (version) draft.route(name, version, alias.at(name));
    else draft.findings.lose(alias.at(name), "the alias names a model that could not be carried");
  }
}
