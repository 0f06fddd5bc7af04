import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { formatOf, type Imported, importValue } from "#cli/import/index.ts";
import { toYaml } from "#cli/to-yaml.ts";
import { Declaration } from "#lib/domain/declaration/schemas.ts";

const folder = path.join(import.meta.dirname, "fixtures");
const FILES = readdirSync(folder).toSorted();

function load(file: string): Imported & { whole: Declaration; text: string } {
  const value: unknown = parse(readFileSync(path.join(folder, file), "utf8"), { merge: true });
  const imported = importValue(value, formatOf(value), "imported", { route: "main", model: undefined });
  return { ...imported, whole: Declaration.parse(imported.declaration), text: toYaml(imported.declaration) };
}
const lost = ({ findings }: Imported) => findings.losses.map(({ pointer }) => pointer);

describe("what is moved in", () => {
  it.each(["litellm", "portkey", "kong"])("is tried on five files or more of %s", (format) => {
    const own = FILES.filter((file) => file.startsWith(format));
    expect(own.length).toBeGreaterThanOrEqual(5);
    for (const file of own) expect([file, load(file).format]).toEqual([file, format]);
  });

  it.each(FILES)("is a declaration, without a secret of the file, and reads back as it is: %s", (file) => {
    const { whole, text, findings, declaration } = load(file);
    expect(JSON.stringify([text, findings, [...findings.secrets.values()]])).not.toMatch(/planted|AKIAPLANTED/);
    expect(Declaration.parse(parse(text))).toEqual(whole);
    for (const { secret } of Object.values(whole.upstreams).flatMap((each) => Object.values(each.credentials)))
      expect([...findings.secrets.keys()]).toContain(secret);
    expect(declaration.name).toBe("imported");
  });
});

describe("LiteLLM", () => {
  it("makes one route of a model's deployments, with what stands behind them", () => {
    const imported = load("litellm-balanced.yaml");
    const version = imported.whole.routes.chat?.versions["1.0.0"];
    expect(version).toMatchObject({
      strategy: "priority",
      retry: { attempts: 3 },
      timeouts: { totalMs: 30_000 },
      onNotCarried: "drop",
      cache: { ttlSeconds: 900, shared: true },
    });
    expect(version?.targets).toMatchObject([
      { upstream: "azure_openai-chat", model: "gpt-4o-eu", weight: 3, priority: 0 },
      { upstream: "azure_openai-chat-2", model: "gpt-4o-us", weight: 1, priority: 0 },
      { upstream: "openai", model: "gpt-4o", priority: 1 },
    ]);
    expect(imported.whole.upstreams["azure_openai-chat"]).toMatchObject({
      options: { api: "deployments", apiVersion: "2024-10-21" },
      rateLimits: [
        { metric: "requests", limit: 900, windowSeconds: 60 },
        { metric: "tokens", limit: 150_000, windowSeconds: 60 },
      ],
    });
    expect(lost(imported)).toEqual(
      expect.arrayContaining([
        "/router_settings/routing_strategy",
        "/router_settings/fallbacks/0/chat",
        "/router_settings/redis_password",
        "/litellm_settings/success_callback",
        "/model_list/2/litellm_params/temperature",
      ]),
    );
  });

  it("knows clouds, servers of one's own, prices and aliases", () => {
    const clouds = load("litellm-clouds.yaml");
    expect(clouds.whole.upstreams).toMatchObject({
      bedrock: { options: { region: "eu-central-1" }, credentials: { default: { kind: "awsKeys" } } },
      vertex_ai: { options: { project: "my-project", location: "europe-west4" } },
    });
    expect(lost(clouds)).toEqual(["/model_list/3/litellm_params/model"]);
    const own = load("litellm-own-servers.yaml").whole;
    expect(own.upstreams.ollama).toMatchObject({ baseUrl: "http://localhost:11434/v1", allowPrivateNetwork: true });
    expect(own.upstreams.openai?.baseUrl).toBe("https://llm.example.com/v1");
    expect(own.prices).toMatchObject([{ model: "meta-llama/Llama-3.3-70B-Instruct", input: [{ dollars: "0.5" }] }]);
    expect(own.routes["old-name"]?.versions).toEqual(own.routes.llama?.versions);
  });

  it("overlooks no field: what it does not know is told", () => {
    expect(lost(load("litellm-odd.yaml"))).toEqual([
      "/model_list/0",
      "/model_list/2/litellm_params/max_tokens",
      "/model_list/2/litellm_params/some_new_setting",
      "/model_list/3",
      "/guardrails",
      "/environment_variables",
    ]);
  });
});

describe("Portkey", () => {
  it("makes fallbacks priorities, shares weights, and conditions on the model routes", () => {
    const fallback = load("portkey-fallback.json").whole.routes.main?.versions["1.0.0"];
    expect(fallback).toMatchObject({
      strategy: "priority",
      retry: { attempts: 4, on: ["rate_limit", "server_error"] },
      timeouts: { totalMs: 20_000 },
      cache: { ttlSeconds: 3_600 },
      targets: [{ priority: 0 }, { priority: 1 }],
    });
    expect(load("portkey-balanced.json").whole.routes.main?.versions["1.0.0"]).toMatchObject({
      strategy: "weighted",
      targets: [{ weight: 7 }, { upstream: "azure_openai", model: "mini-eu", weight: 3 }],
    });
    expect(load("portkey-nested.json").whole.routes.main?.versions["1.0.0"]?.targets).toMatchObject([
      { upstream: "openai", priority: 0, weight: 3 },
      { upstream: "openai-2", priority: 0, weight: 1 },
      { upstream: "groq", priority: 1 },
    ]);
    const conditional = load("portkey-conditional.json");
    expect(Object.keys(conditional.whole.routes)).toEqual(["fast", "smart", "smarter", "main"]);
    expect(lost(conditional)).toEqual(["/strategy/conditions/2"]);
  });

  it("says what only the other system can resolve", () => {
    const imported = load("portkey-virtual.json");
    expect(imported.whole.routes).toEqual({});
    expect(lost(imported)).toEqual(expect.arrayContaining(["/config/targets/0", "/config/cache/mode"]));
  });
});

describe("Kong", () => {
  it("carries the proxies with their limits and guards", () => {
    const { whole } = load("kong-advanced.yaml");
    expect(whole.routes.smart?.rateLimits).toMatchObject([
      { metric: "tokens", limit: 5_000, windowSeconds: 60, per: "consumer" },
      { metric: "tokens", limit: 200_000, windowSeconds: 3_600, per: "consumer" },
    ]);
    expect(whole.routes.smart?.versions["1.0.0"]).toMatchObject({
      strategy: "priority",
      retry: { attempts: 4 },
      timeouts: { connectMs: 5_000, idleMs: 60_000 },
      guardrails: [{ kind: "pattern", action: "deny", patterns: [".*password.*", "(?i)ignore previous"] }],
      targets: [
        { upstream: "openai", weight: 70, priority: 1 },
        { upstream: "azure_openai", model: "gpt4o-eu", weight: 30, priority: 1 },
        { upstream: "anthropic", priority: 2 },
      ],
    });
    expect(whole.upstreams.azure_openai?.credentials.default?.secret).toBe("env:AZURE_KEY");
    expect(load("kong-proxy.yaml").whole.prices).toMatchObject([
      { input: [{ dollars: "2.5" }], output: [{ dollars: "10" }] },
    ]);
  });

  it("makes plans of consumer groups and what holds everywhere, and moves no keys", () => {
    const imported = load("kong-groups.yaml");
    expect(imported.whole.plans).toMatchObject({
      gold: { rateLimits: [{ metric: "requests", limit: 500 }] },
      silver: { rateLimits: [{ metric: "tokens", limit: 1_000 }] },
      imported: { rateLimits: [{ metric: "requests", limit: 100, windowSeconds: 60 }] },
    });
    expect(imported.whole.consumers.map(({ name, plan }) => [name, plan])).toEqual([
      ["shop", "gold"],
      ["blog", "silver"],
      ["42", "imported"],
    ]);
    expect(lost(load("kong-proxy.yaml"))).toContain("/consumers/0/keyauth_credentials");
    expect(lost(load("kong-mixed.yaml"))).toEqual(
      expect.arrayContaining(["/services/0/routes/0", "/plugins/0", "/plugins/1", "/upstreams"]),
    );
  });
});

describe("a file that is none of them", () => {
  it("is asked about", () => {
    expect(() => formatOf({ hello: 1 })).toThrow("--from");
    expect(() => formatOf(null)).toThrow("--from");
  });

  it("does not break an importer, whatever stands in it", () => {
    const odd: unknown[] = [
      null,
      1,
      "x",
      [],
      {},
      { model_list: 3 },
      { model_list: [null, 1, "x", {}] },
      { targets: [[], null, 7] },
    ];
    for (const value of [...odd, { _format_version: 3, services: { a: 1 }, plugins: [1], consumers: [{}] }])
      for (const format of ["litellm", "portkey", "kong"] as const)
        expect(
          Declaration.safeParse(importValue(value, format, "x", { route: "main", model: "m" }).declaration).success,
        ).toBe(true);
  });
});
