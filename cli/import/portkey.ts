import {
  type FoundSecret,
  type FoundTarget,
  type FoundVersion,
  type ImportDraft,
  wholeWeights,
} from "#cli/import/draft.ts";
import type { Part } from "#cli/import/part.ts";

/** Portkey's names of providers that are called otherwise here. */
const PROVIDERS: Readonly<Record<string, string>> = {
  "azure-openai": "azure_openai",
  "azure-ai": "openai_compatible",
  google: "gemini",
  "vertex-ai": "vertex_ai",
  "mistral-ai": "mistral",
  "together-ai": "together",
  "fireworks-ai": "fireworks",
  "perplexity-ai": "perplexity",
  "x-ai": "xai",
  "workers-ai": "cloudflare",
  huggingface: "hugging_face",
  "novita-ai": "novita",
  dashscope: "alibaba",
  github: "github_models",
  ollama: "ollama",
};
/** Status codes that a retry may be for, as reasons. */
const REASONS: readonly [(code: number) => boolean, string][] = [
  [(code) => code === 429, "rate_limit"],
  [(code) => code >= 500, "server_error"],
  [(code) => code === 401 || code === 403, "credential"],
  [(code) => code === 408, "timeout"],
];

interface Inherited {
  model: string | undefined;
  priority: number | undefined;
  share: number | undefined;
}

/** What the person says about a config, which has neither a name nor, often, a model. */
export interface PortkeyHints {
  route: string;
  model: string | undefined;
}

/** Reads a Portkey gateway config (JSON). One config is one route; one that goes by `params.model` is a route for each model. */
export function importPortkey(file: Part, draft: ImportDraft, hints: PortkeyHints): void {
  const whole = file.has("config") && !file.has("targets") ? file.part("config") : file;
  const strategy = whole.part("strategy");
  if (strategy.text("mode") === "conditional") conditional(whole, strategy, draft, hints);
  else draft.route(hints.route, versionOf(whole, draft, hints.model), whole.pointer);
  whole.loseRest(LOST);
  if (whole !== file) file.loseRest();
  if (!draft.hasPlan("imported")) draft.plan("imported", { routes: ["*"] });
}

const LOST = {
  input_guardrails: "set guardrails of the route's version by hand (docs/guardrails.md)",
  output_guardrails: "set guardrails of the route's version by hand (docs/guardrails.md)",
  before_request_hooks: "set guardrails of the route's version by hand (docs/guardrails.md)",
  after_request_hooks: "set guardrails of the route's version by hand (docs/guardrails.md)",
  forward_headers: "callers' headers are not forwarded",
  metadata: "usage is told apart by team, consumer and key",
  trace_id: "traces follow traceparent",
  id: "a config's id names it in the other system",
  virtual_key: "a virtual key is a secret that only the other system holds",
  default_input_guardrails: "set guardrails of the route's version by hand (docs/guardrails.md)",
};

function versionOf(part: Part, draft: ImportDraft, model: string | undefined): FoundVersion {
  const rules = rulesOf(part, draft);
  const targets = targetsOf(part, draft, { model, priority: undefined, share: undefined });
  const hasPriority = targets.some(({ priority }) => (priority ?? 0) > 0);
  const weights = targets.map(({ weight }) => weight ?? 1);
  const isWeighted = new Set(weights).size > 1;
  const whole = wholeWeights(weights);
  return {
    ...rules,
    ...(hasPriority ? { strategy: "priority" } : isWeighted ? { strategy: "weighted" } : {}),
    targets: targets.map(
      (target, index) => ({ ...target, weight: isWeighted ? whole[index] : undefined }) as FoundTarget,
    ),
  };
}

function rulesOf(part: Part, draft: ImportDraft): Partial<FoundVersion> {
  const cache = part.part("cache");
  const mode = cache.text("mode");
  const age = cache.number("max_age", "maxAge");
  if (mode === "semantic")
    draft.findings.lose(cache.at("mode"), "answers are cached for the same call only, not for similar ones");
  cache.loseRest();
  const retry = part.part("retry");
  const attempts = retry.number("attempts");
  const codes = retry.numbers("on_status_codes", "onStatusCodes");
  const on = [...new Set(codes.flatMap((code) => REASONS.filter(([fits]) => fits(code)).map(([, reason]) => reason)))];
  if (codes.some((code) => !REASONS.some(([fits]) => fits(code))))
    draft.findings.lose(retry.at("on_status_codes"), "some of these codes are never tried again: the caller is told");
  retry.loseRest({ use_retry_after_header: "a retry-after is honoured by the upstream's health policy" });
  const timeoutMs = part.number("request_timeout", "requestTimeout");
  return {
    ...(attempts === undefined
      ? {}
      : { retry: { attempts: Math.min(10, Math.max(1, attempts + 1)), ...(on.length > 0 ? { on } : {}) } }),
    ...(timeoutMs === undefined ? {} : { timeouts: { totalMs: Math.round(timeoutMs) } }),
    ...(mode === "simple" ? { cache: { ttlSeconds: Math.max(1, Math.round(age ?? 86_400)) } } : {}),
  };
}

/** The targets of a config or of a target that has its own, flattened: a fallback is a priority, a share a weight. */
function targetsOf(part: Part, draft: ImportDraft, from: Inherited): FoundTarget[] {
  const strategy = part.part("strategy");
  const mode = strategy.text("mode") ?? "single";
  const codes = strategy.numbers("on_status_codes", "onStatusCodes");
  if (codes.some((code) => code < 429))
    draft.findings.lose(
      strategy.at("on_status_codes"),
      "a refusal of the call itself is told to the caller, not sent elsewhere",
    );
  if (mode !== "conditional") strategy.loseRest();
  const inside = part.parts("targets");
  if (inside.length === 0) return single(part, draft, from);
  const model = modelOf(part, draft) ?? from.model;
  return inside.flatMap((target, index) => {
    const share = (target.number("weight") ?? 1) * (from.share ?? 1);
    if (mode === "fallback") {
      if (from.priority !== undefined || from.share !== undefined)
        draft.findings.note(
          target.pointer,
          "a fallback inside another strategy became a further priority for all of its calls",
        );
      return nested(target, draft, { model, priority: (from.priority ?? 0) * 10 + index, share: from.share });
    }
    if (mode === "conditional") {
      target.lose("conditions inside a target have no equal: make a route for each");
      return [];
    }
    return nested(target, draft, { model, priority: from.priority, share });
  });
}

function nested(target: Part, draft: ImportDraft, from: Inherited): FoundTarget[] {
  const hasRules = ["cache", "retry", "request_timeout"].some((name) => target.has(name));
  if (hasRules) {
    for (const name of ["cache", "retry", "request_timeout"])
      if (target.has(name))
        draft.findings.lose(target.at(name), "holds for a route's version, not for one target: set it there");
    target.ignore("cache", "retry", "request_timeout");
  }
  const targets = targetsOf(target, draft, from);
  target.ignore("name", "weight", "index");
  target.loseRest(LOST);
  return targets;
}

function single(part: Part, draft: ImportDraft, from: Inherited): FoundTarget[] {
  const named = part.text("provider");
  const model = modelOf(part, draft) ?? from.model;
  if (named === undefined || named.startsWith("@")) {
    part.ignore("virtual_key", "virtualKey", "api_key", "apiKey");
    draft.findings.lose(
      part.pointer,
      "names a virtual key or a saved provider, which only the other system can resolve: make the upstream by hand",
    );
    return [];
  }
  const provider = PROVIDERS[named] ?? named;
  const upstream = draft.upstream(
    provider,
    {
      provider,
      baseUrl: addressOf(part, provider),
      options: optionsOf(part, provider),
      credential: credentialOf(part, provider),
    },
    part.has("provider") ? part.at("provider") : part.pointer,
  );
  const own =
    provider === "azure_openai"
      ? (part.text("azure_deployment_id", "azureDeploymentId", "deployment_id") ?? model)
      : model;
  if (upstream === null) return [];
  if (own === undefined) {
    draft.findings.lose(
      part.pointer,
      "names no model (override_params.model): give --model, or write the target by hand",
    );
    return [];
  }
  return [
    {
      upstream,
      model: own,
      weight: from.share ?? 1,
      ...(from.priority === undefined ? {} : { priority: from.priority }),
    },
  ];
}

function modelOf(part: Part, draft: ImportDraft): string | undefined {
  const params = part.part("override_params", "overrideParams");
  const model = params.text("model");
  params.loseRest(
    { max_tokens: "bound answers with a guardrail max_output (docs/guardrails.md)" },
    "parameters of a call are the caller's here",
  );
  if (model?.startsWith("@")) {
    draft.findings.lose(params.at("model"), "names a saved provider, which only the other system can resolve");
    return model.slice(model.indexOf("/") + 1);
  }
  return model;
}

function addressOf(part: Part, provider: string): string | undefined {
  const host = part.text("custom_host", "customHost");
  const resource = part.text("azure_resource_name", "azureResourceName", "resource_name");
  if (provider === "azure_openai" && host === undefined && resource !== undefined)
    return `https://${resource}.openai.azure.com`;
  return host;
}

function optionsOf(part: Part, provider: string): Record<string, string> {
  const version = part.text("azure_api_version", "azureApiVersion", "api_version");
  const given: Record<string, string | undefined> = {};
  if (provider === "azure_openai" && version !== undefined)
    Object.assign(given, { api: "deployments", apiVersion: version });
  if (provider === "bedrock") given.region = part.text("aws_region", "awsRegion");
  if (provider === "vertex_ai") {
    given.project = part.text("vertex_project_id", "vertexProjectId");
    given.location = part.text("vertex_region", "vertexRegion");
  }
  if (provider === "cloudflare") given.accountId = part.text("workers_ai_account_id", "workersAiAccountId");
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

function credentialOf(part: Part, provider: string): FoundSecret | undefined {
  part.ignore(
    "virtual_key",
    "virtualKey",
    "aws_access_key_id",
    "awsAccessKeyId",
    "aws_session_token",
    "vertex_service_account_json",
  );
  if (part.any("aws_secret_access_key", "awsSecretAccessKey") !== undefined)
    return { kind: "awsKeys", pointer: part.at("aws_secret_access_key") };
  if (provider === "vertex_ai") return { kind: "serviceAccount", pointer: part.pointer };
  const key = part.text("api_key", "apiKey");
  if (key === undefined && !part.has("virtual_key") && !part.has("virtualKey")) return undefined;
  const variable = /^(?:\$\{?|\{\{\s*)([A-Za-z_]\w*)(?:\}|\s*\}\})?$/.exec(key ?? "")?.[1];
  return { pointer: part.at(key === undefined ? "virtual_key" : "api_key"), variable };
}

/** A route for each condition that asks for one model, and one more for everything else. */
function conditional(whole: Part, strategy: Part, draft: ImportDraft, hints: PortkeyHints): void {
  const rules = rulesOf(whole, draft);
  const targets = new Map(whole.parts("targets").map((target) => [target.text("name") ?? "", target]));
  const fallback = strategy.text("default");
  const used = new Set<string>();
  const route = (name: string, target: string | undefined, model: string | undefined, pointer: string): void => {
    const part = targets.get(target ?? "");
    if (!part) {
      draft.findings.lose(pointer, "names a target that is not there");
      return;
    }
    used.add(target ?? "");
    const version = versionOf(part, draft, model);
    draft.route(name, { ...rules, ...version }, part.pointer);
  };
  for (const condition of strategy.parts("conditions")) {
    const models = modelsAsked(condition.any("query"));
    const then = condition.text("then");
    if (models.length === 0)
      condition.lose("only conditions on params.model can be carried, as routes; others have no equal");
    for (const model of models) route(model, then, model, condition.at("then"));
  }
  if (fallback !== undefined) route(hints.route, fallback, hints.model, strategy.at("default"));
  for (const [name, part] of targets) {
    part.ignore("name", "weight");
    if (!used.has(name)) part.lose("no condition that could be carried leads to it");
    part.loseRest(LOST);
  }
  strategy.loseRest();
}

/** The models of a condition `{"params.model": {"$eq": "x"}}`, or `$in` a list; none for any other. */
function modelsAsked(query: unknown): string[] {
  const members = Object.entries(Object(query));
  const [only] = members;
  if (members.length !== 1 || only?.[0] !== "params.model") return [];
  const asked: { $eq?: unknown; $in?: unknown } = Object(only[1]);
  const list = Array.isArray(asked.$in) ? asked.$in : [asked.$eq];
  return list.filter((model) => typeof model === "string");
}
