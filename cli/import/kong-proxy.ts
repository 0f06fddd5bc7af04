import {
  amount,
  type FoundSecret,
  type FoundTarget,
  type FoundVersion,
  flatPrice,
  type ImportDraft,
  wholeWeights,
} from "#cli/import/draft.ts";
import type { Part } from "#cli/import/part.ts";

/** Kong's names of providers that are called otherwise here. */
const PROVIDERS: Readonly<Record<string, string>> = {
  azure: "azure_openai",
  huggingface: "hugging_face",
  llama2: "openai_compatible",
  dashscope: "alibaba",
};
const ALGORITHMS: Readonly<Record<string, string>> = {
  "round-robin": "weighted",
  "lowest-latency": "lowest_latency",
  "least-connections": "least_connections",
  priority: "priority",
  "consistent-hashing": "consistent_hash",
};

/** What `ai-proxy` and `ai-proxy-advanced` say, as a route's version. */
export function proxyVersion(plugin: Part, draft: ImportDraft): FoundVersion {
  const config = plugin.part("config");
  const isAdvanced = plugin.text("name") === "ai-proxy-advanced";
  const entries = isAdvanced ? config.parts("targets") : [config];
  const shares = entries.map((entry) => entry.number("weight") ?? 1);
  const weights = wholeWeights(shares);
  const balancer = config.part("balancer");
  const algorithm = balancer.text("algorithm");
  const strategy = algorithm === undefined ? "weighted" : ALGORITHMS[algorithm];
  if (strategy === undefined)
    draft.findings.lose(balancer.at("algorithm"), "there is no such strategy here; targets go by weight instead");
  const retries = balancer.number("retries");
  const connectMs = balancer.number("connect_timeout");
  const idleMs = balancer.number("read_timeout");
  balancer.loseRest({
    failover_criteria: "what is tried again is retry.on of the version; what must not be repeated never is",
    vectors: "there is no semantic choice",
    tokens_count_strategy: "only for strategies that are not here",
    latency_strategy: "lowest_latency goes by the first byte",
    hash_on_header: "consistent_hash goes by user, consumer or key",
  });
  const targets = entries.flatMap((entry, index) => {
    const target = targetOf(entry, draft);
    return target
      ? [{ ...target, ...(entries.length > 1 ? { weight: weights[index] ?? 1 } : {}), ...tier(entry, strategy) }]
      : [];
  });
  config.ignore("genai_category", "response_streaming", "llm_format");
  config.loseRest({
    embeddings: "there is no semantic choice of targets",
    vectordb: "there is no semantic choice of targets",
    max_request_body_size: "bodies may have 32 MiB; bound them with a guardrail max_prompt",
    model_name_header: "every answer says its route and upstream",
  });
  settle(plugin);
  const timeouts = { ...(connectMs ? { connectMs } : {}), ...(idleMs ? { idleMs } : {}) };
  return {
    ...(entries.length > 1 ? { strategy: strategy ?? "weighted" } : {}),
    ...(retries === undefined ? {} : { retry: { attempts: Math.min(10, Math.max(1, retries + 1)) } }),
    ...(Object.keys(timeouts).length > 0 ? { timeouts } : {}),
    targets,
  };
}

/** In Kong a target of the same priority is one group, by weight; there, too, groups come one after the other. */
function tier(entry: Part, strategy: string | undefined): { priority?: number } {
  const priority = entry.number("priority");
  return strategy === "priority" && priority !== undefined ? { priority } : {};
}

function targetOf(entry: Part, draft: ImportDraft): FoundTarget | null {
  const model = entry.part("model");
  const given = model.text("provider") ?? "";
  const provider = PROVIDERS[given] ?? given;
  const options = model.part("options");
  const routeType = entry.text("route_type");
  const name = model.text("name");
  const found = {
    provider,
    baseUrl: addressOf(options, provider),
    options: optionsOf(options, provider),
    credential: credentialOf(entry.part("auth"), provider),
  };
  const own = provider === "azure_openai" ? (options.text("azure_deployment_id") ?? name) : name;
  const upstream = draft.upstream(provider, found, model.at("provider"));
  pricesOf(options, provider, own, draft);
  entry.part("logging").ignore("log_statistics", "log_payloads", "log_audits");
  options.loseRest(
    {
      max_tokens: "bound answers with a guardrail max_output (docs/guardrails.md)",
      anthropic_version: "the version is the gateway's own",
    },
    "parameters of a call are the caller's here",
  );
  model.loseRest({ model_alias: "an alias is a route of its own" });
  if (routeType?.startsWith("preserve"))
    draft.findings.lose(entry.at("route_type"), "callers speak one of the gateway's dialects");
  entry.ignore("weight", "priority");
  entry.loseRest({ description: "there is no semantic choice of targets", metadata: "has no equal in Turnpike" });
  if (upstream === null) return null;
  if (own === undefined) {
    draft.findings.lose(model.pointer, "names no model: write the target by hand");
    return null;
  }
  return { upstream, model: own };
}

function addressOf(options: Part, provider: string): string | undefined {
  const url = options.text("upstream_url");
  const instance = options.text("azure_instance");
  if (provider === "azure_openai" && url === undefined && instance !== undefined)
    return `https://${instance}.openai.azure.com`;
  // Kong wants the whole path of one operation; here an upstream is an address under which every operation is.
  return url?.replace(/\/(chat\/completions|completions|embeddings|responses|messages)\/?$/, "");
}

function optionsOf(options: Part, provider: string): Record<string, string> {
  const given: Record<string, string | undefined> = {};
  if (provider === "azure_openai") {
    const apiVersion = options.text("azure_api_version");
    if (apiVersion !== undefined) Object.assign(given, { api: "deployments", apiVersion });
  }
  const [bedrock, gemini] = [options.part("bedrock"), options.part("gemini")];
  if (provider === "bedrock") given.region = bedrock.text("aws_region");
  if (provider === "vertex_ai") {
    given.project = gemini.text("project_id");
    given.location = gemini.text("location_id");
  }
  bedrock.loseRest();
  gemini.ignore("api_endpoint");
  gemini.loseRest();
  return Object.fromEntries(
    Object.entries(given).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}

function credentialOf(auth: Part, provider: string): FoundSecret | undefined {
  const value = auth.text("header_value", "param_value");
  const name = auth.has("header_value") ? "header_value" : "param_value";
  auth.ignore(
    "header_name",
    "param_name",
    "param_location",
    "allow_override",
    "aws_access_key_id",
    "azure_use_managed_identity",
    "gcp_use_service_account",
  );
  const aws = auth.text("aws_secret_access_key");
  const gcp = auth.text("gcp_service_account_json");
  auth.loseRest();
  if (aws !== undefined) return { kind: "awsKeys", pointer: auth.at("aws_secret_access_key") };
  if (gcp !== undefined && provider === "vertex_ai")
    return { kind: "serviceAccount", pointer: auth.at("gcp_service_account_json") };
  if (value === undefined) return undefined;
  return { pointer: auth.at(name), variable: variableIn(value) };
}

/** The environment variable that decK or Kong would have put in: `${{ env "NAME" }}`, or a reference to the env vault. */
function variableIn(value: string): string | undefined {
  const deck = /\$\{\{\s*env\s+"([A-Za-z_]\w*)"\s*\}\}/.exec(value)?.[1];
  const vault = /\{vault:\/\/env\/([A-Za-z][\w-]*)\}/.exec(value)?.[1];
  return deck ?? vault?.toUpperCase().replaceAll("-", "_");
}

function pricesOf(options: Part, provider: string, model: string | undefined, draft: ImportDraft): void {
  // Kong's costs are dollars a million tokens.
  const [input, output] = [options.number("input_cost"), options.number("output_cost")];
  if (model === undefined || (input === undefined && output === undefined)) return;
  const dollars = (value: number | undefined) => flatPrice(value === undefined ? undefined : amount(value));
  draft.price(provider, model, JSON.parse(JSON.stringify({ input: dollars(input), output: dollars(output) })));
}

/** Everything of a plugin besides its config has been seen. */
export function settle(plugin: Part): void {
  plugin.ignore("name", "enabled", "protocols", "tags", "id", "instance_name", "route", "service");
  plugin.loseRest();
}
