import type { Findings, Part } from "#cli/import/part.ts";

const PERIODS = { second: 1, minute: 60, hour: 3_600, day: 86_400 } as const;
const WINDOW_MAX = 86_400;

interface Limit {
  metric: "requests" | "tokens";
  limit: number;
  windowSeconds: number;
  /** Whom it counts apart, where it is not the consumer. */
  per?: "key" | "address";
}
/** Kong's words for whom a limit counts apart; each consumer where nothing is said. */
const COUNTED: Readonly<Record<string, { per?: "key" | "address" }>> = {
  consumer: {},
  credential: { per: "key" },
  ip: { per: "address" },
};

function countedBy(config: Part, findings: Findings): { per?: "key" | "address" } {
  const word = config.text("identifier", "limit_by") ?? "consumer";
  const counted = COUNTED[word];
  if (!counted)
    findings.lose(
      config.at(config.has("identifier") ? "identifier" : "limit_by"),
      "limits count by consumer, key or address; this one counts by consumer now",
    );
  return counted ?? {};
}

/** `ai-rate-limiting-advanced`: tokens a window, of each provider or by policies. One limit a window, whatever the provider. */
export function tokenLimits(config: Part, findings: Findings): Limit[] {
  const strategy = config.text("tokens_count_strategy");
  if (strategy !== undefined && strategy !== "total_tokens")
    findings.note(config.at("tokens_count_strategy"), "limits count input and output tokens together");
  const limits: Limit[] = [];
  const providers = config.parts("llm_providers");
  for (const provider of providers) {
    limits.push(...windows(provider.numbers("limit"), provider.numbers("window_size"), "tokens", provider, findings));
    provider.ignore("name");
    provider.loseRest();
  }
  if (providers.length > 1)
    findings.note(
      config.at("llm_providers"),
      "a limit holds for all providers together: the lowest of each window counts",
    );
  for (const policy of config.parts("policies")) {
    if (policy.has("match")) {
      policy.lose("a limit for some callers or models only is a plan, or a route, of its own");
      continue;
    }
    for (const each of policy.parts("limits")) {
      limits.push(...windows(each.numbers("limit"), each.numbers("window_size"), "tokens", each, findings));
      each.ignore("tokens_count_strategy");
      each.loseRest();
    }
    policy.ignore("window_type");
    policy.loseRest();
  }
  const counted = countedBy(config, findings);
  ignorePlumbing(config);
  config.loseRest(
    {
      request_prompt_count_function: "tokens are counted by the gateway itself",
      llm_format: "callers may speak any dialect",
    },
    "has no equal in Turnpike",
  );
  return lowest(limits).map((limit) => ({ ...limit, ...counted }));
}

/** `rate-limiting` (calls a second, minute, hour, day) and `rate-limiting-advanced` (lists of limits and windows). */
export function requestLimits(config: Part, kind: string, findings: Findings): Limit[] {
  const counted = countedBy(config, findings);
  ignorePlumbing(config);
  const limits: Limit[] = [];
  if (kind === "rate-limiting-advanced") {
    const [most, sizes] = [config.numbers("limit"), config.numbers("window_size")];
    most.forEach((limit, index) => {
      const windowSeconds = sizes[index];
      if (windowSeconds !== undefined && windowSeconds <= WINDOW_MAX)
        limits.push({ metric: "requests", limit, windowSeconds });
    });
  } else {
    for (const [period, windowSeconds] of Object.entries(PERIODS)) {
      const limit = config.number(period);
      if (limit !== undefined) limits.push({ metric: "requests", limit, windowSeconds });
    }
  }
  config.loseRest({ month: "a window is at most a day", year: "a window is at most a day" });
  return lowest(limits).map((limit) => ({ ...limit, ...counted }));
}

function windows(limits: number[], sizes: number[], metric: Limit["metric"], at: Part, findings: Findings): Limit[] {
  return limits.flatMap((limit, index) => {
    const windowSeconds = sizes[index];
    if (windowSeconds === undefined || windowSeconds > WINDOW_MAX) {
      findings.lose(at.at("window_size"), "a window is at most a day (86,400 seconds)");
      return [];
    }
    return [{ metric, limit: Math.floor(limit), windowSeconds: Math.ceil(windowSeconds) }];
  });
}

function lowest(limits: Limit[]): Limit[] {
  const byWindow = new Map<number, Limit>();
  for (const limit of limits) {
    const known = byWindow.get(limit.windowSeconds);
    if (!known || known.limit > limit.limit) byWindow.set(limit.windowSeconds, limit);
  }
  return [...byWindow.values()];
}

/** How Kong keeps its counters: Turnpike's nodes keep theirs themselves. */
function ignorePlumbing(config: Part): void {
  config.ignore(
    "strategy",
    "sync_rate",
    "window_type",
    "redis",
    "policy",
    "fault_tolerant",
    "hide_client_headers",
    "dictionary_name",
    "namespace",
    "disable_penalty",
    "error_code",
    "error_message",
    "llm_format",
    "redis_host",
    "redis_port",
    "redis_password",
    "redis_database",
    "redis_timeout",
  );
}

/** Guards of a route version; null for a plugin that is none. */
export function guardrailsOf(plugin: Part, kind: string, findings: Findings): object[] | null {
  if (kind === "ai-prompt-guard") return promptGuard(plugin.part("config"), findings);
  if (kind === "request-size-limiting") return sizeLimit(plugin.part("config"));
  return null;
}

function promptGuard(config: Part, findings: Findings): object[] {
  const patterns = config.texts("deny_patterns").slice(0, 50);
  if (config.texts("allow_patterns").length > 0)
    findings.lose(config.at("allow_patterns"), "patterns deny or redact; a prompt cannot be made to match");
  config.ignore(
    "allow_all_conversation_history",
    "match_all_roles",
    "genai_category",
    "llm_format",
    "max_request_body_size",
  );
  config.loseRest();
  if (patterns.length === 0) return [];
  findings.note(
    config.at("deny_patterns"),
    "patterns are RE2: what needs a look-ahead or a back-reference is refused when it is applied",
  );
  return [{ kind: "pattern", name: "prompt-guard", action: "deny", patterns }];
}

function sizeLimit(config: Part): object[] {
  const units: Record<string, number> = { megabytes: 1_048_576, kilobytes: 1_024, bytes: 1 };
  const size = config.number("allowed_payload_size") ?? 128;
  const maxBytes = Math.min(33_554_432, size * (units[config.text("size_unit") ?? "megabytes"] ?? 1));
  config.ignore("require_content_length");
  config.loseRest();
  return [{ kind: "max_prompt", name: "size", maxBytes }];
}
