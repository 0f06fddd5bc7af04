import type { ImportDraft } from "#cli/import/draft.ts";
import { guardrailsOf, requestLimits, tokenLimits } from "#cli/import/kong-limits.ts";
import { proxyVersion, settle } from "#cli/import/kong-proxy.ts";
import type { Part } from "#cli/import/part.ts";

const AI_PROXIES = new Set(["ai-proxy", "ai-proxy-advanced"]);
/** Plugins that are told apart further down; every other one is lost with a reason. */
const PLUGINS_LOST: Readonly<Record<string, string>> = {
  acl: "which routes a consumer may call is its plan's routes",
  "ai-prompt-decorator": "prompts are not changed on the way",
  "ai-prompt-template": "prompts are not changed on the way",
  "ai-request-transformer": "a body is not rewritten by a model",
  "ai-response-transformer": "a body is not rewritten by a model",
  "ai-semantic-cache": "answers are cached for the same call only: set cache on the route's version",
  "ai-semantic-prompt-guard": "guardrails go by patterns, or ask a server of yours (webhook)",
  "ai-azure-content-safety": "use a guardrail of kind webhook",
  "ip-restriction": "addresses are not restricted by policy here",
  cors: "the gateway is not called from browsers",
  prometheus: "every node has /metrics on its status port",
  opentelemetry: "nodes export by OTEL_EXPORTER_OTLP_ENDPOINT",
  "file-log": "calls are logged by Turnpike itself",
  "http-log": "calls are logged by Turnpike itself",
  "correlation-id": "every answer has x-request-id",
};
const TEAM = "Imported";
/** What a plugin may be bound to. */
const SCOPES = ["route", "service", "consumer", "consumer_group"];

interface KongRoute {
  name: string;
  pointer: string;
  plugins: Part[];
}

/** Reads a decK file (`_format_version` 3.0 or 1.1): routes with AI plugins, their limits and guards, and consumers. */
export function importKong(file: Part, draft: ImportDraft): void {
  file.ignore("_format_version", "_info", "_transform", "_konnect", "_workspace", "_comment");
  const shared = file.parts("plugins");
  const routes = collectRoutes(file, draft);
  const plans = consumerGroups(file, draft);
  const globals = shared.filter((plugin) => !SCOPES.some((name) => plugin.has(name)));
  for (const plugin of shared.filter((each) => !globals.includes(each))) attach(plugin, routes, draft);
  // A proxy that holds everywhere stands for a route of its own.
  const everywhere = globals.filter((plugin) => AI_PROXIES.has(plugin.text("name") ?? ""));
  for (const plugin of everywhere)
    if (!routes.some(hasProxy))
      routes.push({ name: plugin.text("name") ?? "", pointer: plugin.pointer, plugins: [plugin] });
  for (const route of routes) importRoute(route, draft);
  importPlan(
    globals.filter((plugin) => !everywhere.includes(plugin)),
    draft,
  );
  importConsumers(file, plans, draft);
  file.loseRest({
    upstreams: "Kong's upstreams are of plain services; targets of models stand in the routes",
    vaults: "secrets are given to Turnpike when the declaration is applied",
    certificates: "TLS is the nodes' own (docs/tls.md)",
    snis: "TLS is the nodes' own (docs/tls.md)",
  });
}

function hasProxy({ plugins }: KongRoute): boolean {
  return plugins.some((plugin) => AI_PROXIES.has(plugin.text("name") ?? ""));
}

function collectRoutes(file: Part, draft: ImportDraft): KongRoute[] {
  const found: KongRoute[] = [];
  const add = (route: Part, outer: Part[], service: string | undefined) => {
    const name = route.text("name") ?? service ?? "route";
    route.ignore(
      "name",
      "paths",
      "methods",
      "hosts",
      "protocols",
      "strip_path",
      "id",
      "tags",
      "preserve_host",
      "service",
      "path_handling",
      "regex_priority",
      "https_redirect_status_code",
      "request_buffering",
      "response_buffering",
    );
    found.push({ name, pointer: route.pointer, plugins: [...route.parts("plugins"), ...outer] });
    route.loseRest();
  };
  for (const service of file.parts("services")) {
    const plugins = service.parts("plugins");
    const name = service.text("name");
    const routes = service.parts("routes");
    for (const route of routes) add(route, plugins, name);
    if (routes.length === 0 && plugins.length > 0)
      found.push({ name: name ?? "service", pointer: service.pointer, plugins });
    service.ignore(
      "name",
      "url",
      "host",
      "port",
      "path",
      "protocol",
      "id",
      "tags",
      "enabled",
      "retries",
      "connect_timeout",
      "read_timeout",
      "write_timeout",
    );
    service.loseRest();
  }
  for (const route of file.parts("routes")) add(route, [], undefined);
  if (found.length === 0 && !file.has("plugins")) draft.findings.lose(file.pointer, "has no routes");
  return found;
}

function attach(plugin: Part, routes: KongRoute[], draft: ImportDraft): void {
  const name = plugin.text("route", "service");
  const route = routes.find((each) => each.name === name);
  if (route && !plugin.has("consumer") && !plugin.has("consumer_group")) route.plugins.push(plugin);
  else {
    draft.findings.lose(
      plugin.pointer,
      "holds for one service, consumer or group, which is carried only where it stands inside it",
    );
    plugin.ignore(...plugin.names);
  }
}

function importRoute({ name, pointer, plugins }: KongRoute, draft: ImportDraft): void {
  const proxy = plugins.find((plugin) => AI_PROXIES.has(plugin.text("name") ?? ""));
  if (!proxy) {
    for (const plugin of plugins) plugin.ignore(...plugin.names);
    draft.findings.lose(
      pointer,
      "a plain API without an AI plugin: make a route of kind http by hand (docs/rest-routes.md)",
    );
    return;
  }
  const version = proxyVersion(proxy, draft);
  const rateLimits: object[] = [];
  const guardrails: object[] = [];
  for (const plugin of plugins.filter((each) => each !== proxy)) {
    const kind = plugin.text("name") ?? "";
    const limits = limitsOf(plugin, kind, draft);
    if (limits) rateLimits.push(...limits.map((limit) => ({ per: "consumer", ...limit })));
    else if (!guarded(plugin, kind, guardrails, draft)) losePlugin(plugin, kind, draft);
  }
  draft.route(
    name,
    { ...version, ...(guardrails.length > 0 ? { guardrails } : {}) },
    pointer,
    rateLimits.length > 0 ? { rateLimits } : {},
  );
}

function guarded(plugin: Part, kind: string, guardrails: object[], draft: ImportDraft): boolean {
  const found = guardrailsOf(plugin, kind, draft.findings);
  if (found) guardrails.push(...found);
  if (found) settle(plugin);
  return found !== null;
}

function limitsOf(plugin: Part, kind: string, draft: ImportDraft): object[] | null {
  const limits =
    kind === "ai-rate-limiting-advanced"
      ? tokenLimits(plugin.part("config"), draft.findings)
      : kind === "rate-limiting" || kind === "rate-limiting-advanced"
        ? requestLimits(plugin.part("config"), kind, draft.findings)
        : null;
  if (limits) settle(plugin);
  return limits;
}

function losePlugin(plugin: Part, kind: string, draft: ImportDraft): void {
  plugin.ignore(...plugin.names);
  if (kind === "key-auth")
    draft.findings.note(plugin.pointer, "every call needs an API key here; nothing has to be said");
  else
    draft.findings.lose(
      plugin.pointer,
      PLUGINS_LOST[kind] ?? `the plugin ${/^[a-z0-9-]{1,60}$/.test(kind) ? kind : ""} has no equal`,
    );
}

/** What holds for everybody is the plan of everybody without a group. */
function importPlan(globals: Part[], draft: ImportDraft): void {
  const rateLimits: object[] = [];
  for (const plugin of globals) {
    const kind = plugin.text("name") ?? "";
    const limits = limitsOf(plugin, kind, draft);
    if (limits) rateLimits.push(...limits);
    else losePlugin(plugin, kind, draft);
  }
  draft.plan("imported", { ...(rateLimits.length > 0 ? { rateLimits } : {}), routes: ["*"] });
}

function consumerGroups(file: Part, draft: ImportDraft): Set<string> {
  const names = new Set<string>();
  for (const group of file.parts("consumer_groups")) {
    const name = group.text("name");
    const rateLimits: object[] = [];
    for (const plugin of group.parts("plugins")) {
      const kind = plugin.text("name") ?? "";
      const limits = limitsOf(plugin, kind, draft);
      if (limits) rateLimits.push(...limits);
      else losePlugin(plugin, kind, draft);
    }
    group.ignore("id", "tags");
    group.loseRest();
    if (name === undefined) continue;
    names.add(name);
    draft.plan(name, { ...(rateLimits.length > 0 ? { rateLimits } : {}), routes: ["*"] });
  }
  return names;
}

function importConsumers(file: Part, plans: ReadonlySet<string>, draft: ImportDraft): void {
  for (const consumer of file.parts("consumers")) {
    const name = consumer.text("username", "custom_id");
    const groups = consumer.parts("groups").flatMap((group) => group.text("name") ?? []);
    for (const kind of [
      "keyauth_credentials",
      "basicauth_credentials",
      "jwt_secrets",
      "hmacauth_credentials",
      "oauth2_credentials",
    ]) {
      if (!consumer.has(kind)) continue;
      consumer.ignore(kind);
      draft.findings.lose(
        consumer.at(kind),
        "keys are not moved: make an API key for the consumer in Turnpike, which is shown once",
      );
    }
    for (const plugin of consumer.parts("plugins")) {
      plugin.ignore(...plugin.names);
      draft.findings.lose(plugin.pointer, "what holds for one consumer is its plan: make one for it");
    }
    consumer.ignore("id", "tags", "acls", "username", "custom_id");
    consumer.loseRest();
    if (name === undefined) continue;
    const [first] = groups.filter((group) => plans.has(group));
    if (groups.length > 1)
      draft.findings.note(consumer.at("groups"), "a consumer is on one plan: that of its first group");
    draft.consumer(TEAM, name, first ?? "imported");
  }
}
