import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ApiFixture, createApiFixture } from "#e2e/support/api-fixture.ts";
import type { Endpoint } from "./endpoint.ts";
import { ENDPOINTS } from "./endpoints/index.ts";
import { jsonSchema, membersOf } from "./openapi-schema.ts";

/** What an attacker, or a mistaken program, puts where something else is wanted; as JSON text. */
const HOSTILE = [
  "null",
  "[]",
  '{"$ne":null}',
  '{"__proto__":{"polluted":1}}',
  '{"constructor":{"prototype":{"polluted":1}}}',
  "-1",
  "0.1",
  "1e308",
  "2147483648",
  '""',
  '"\\u0000"',
  '"\\ud800"',
  `"${"x".repeat(70_000)}"`,
  `"'; DROP TABLE \\"user\\"; --"`,
  '"+275760-09-13T00:00:00.001Z"',
  '["*", 1, null, {}]',
];
const HOSTILE_QUERY = [
  "",
  "-1",
  "1e9",
  "%00",
  "%ED%A0%80",
  "%27%20OR%201%3D1",
  "a,,b",
  "0001-01-01T00:00:00Z",
  "9999-12-31T23:59:59Z",
  "LTE",
];

let api: ApiFixture;
/** Something real behind each noun, so that a change gets as far as its own schema. */
const ids: Record<string, string> = {};
let clockMs = Date.now();

beforeAll(async () => {
  api = await createApiFixture();
  const make = async (path: string, body: object) => {
    const response = await api.call("POST", path, { as: "owner", body });
    expect([path, response.status]).toEqual([path, 201]);
    return response.json();
  };
  ids.teams = api.teamId;
  ids.users = api.userIds.developer;
  ids.plans = (await make("/plans", { name: "standard" })).id;
  ids.upstreams = (
    await make("/upstreams", { name: "one", provider: "openai", baseUrl: "https://api.openai.com/v1" })
  ).id;
  ids.credentials = (
    await make("/credentials", { upstreamId: ids.upstreams, kind: "apiKey", secret: "sk-123456789012" })
  ).id;
  ids.routes = (await make("/routes", { name: "smart", targets: [{ upstreamId: ids.upstreams, model: "gpt-4o" }] })).id;
  await make("/revisions", { note: "first" });
  const price = { input: [{ fromTokens: 0, dollars: "0.1" }] };
  ids["price-overrides"] = (await make("/price-overrides", { provider: "openai", model: "own", price })).id;
  ids.consumers = (await make("/consumers", { name: "bot", teamId: api.teamId, planId: ids.plans })).id;
  ids["api-keys"] = (await make(`/consumers/${ids.consumers}/api-keys`, { name: "prod" })).id;
  ids["management-tokens"] = (await make("/management-tokens", { name: "ci", role: "auditor" })).id;
});
afterAll(() => api.remove());

function addressOf({ path, segments }: Endpoint): string {
  const values: Record<string, string | undefined> = {
    id: ids[segments[0] ?? ""],
    consumerId: ids.consumers,
    version: "1.0.0",
    number: "1",
  };
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "none");
}

/** Sends, a tenth of a second after the last time, so that the throttle does not answer. */
async function statusOf(method: string, path: string, text?: string): Promise<number> {
  clockMs += 1_000;
  const sent = { as: "owner", now: new Date(clockMs), headers: { "if-match": "*" } } as const;
  const response = await api.call(method, path, text === undefined ? sent : { ...sent, text });
  if (response.status >= 500) expect([method, path, text, await response.text()]).toBe("no fault of ours");
  return response.status;
}

/** Every body with one hostile value in place of one field, at the top and one level down. */
function hostileBodies({ method, verb, patches }: Endpoint): string[] {
  const schema = jsonSchema((method === "PATCH" && patches) || verb.input, "input");
  return Object.entries(membersOf(schema)).flatMap(([name, member]) => {
    const nested = Object.keys(nestedMembers(member));
    const isList = typeof member === "object" && member !== null && "items" in member;
    const inside = nested.flatMap((inner) =>
      HOSTILE.filter((_, index) => index % 3 === 0).map((value) => {
        const object = `{${JSON.stringify(inner)}:${value}}`;
        return `{${JSON.stringify(name)}:${isList ? `[${object}]` : object}}`;
      }),
    );
    return [...HOSTILE.map((value) => `{${JSON.stringify(name)}:${value}}`), ...inside];
  });
}

function nestedMembers(member: unknown): Record<string, unknown> {
  if (typeof member !== "object" || member === null) return {};
  if ("properties" in member && typeof member.properties === "object") return { ...member.properties };
  if ("items" in member) return nestedMembers(member.items);
  return {};
}

/** A body that would do, for the fields beside the hostile one. */
const COMPLETE: Record<string, () => object> = {
  "POST /teams": () => ({ name: "Fuzz" }),
  "POST /plans": () => ({ name: "Fuzz" }),
  "POST /upstreams": () => ({ name: "Fuzz", provider: "openai", baseUrl: "https://api.openai.com/v1" }),
  "POST /credentials": () => ({ upstreamId: ids.upstreams, kind: "apiKey", secret: "sk-123456789012" }),
  "POST /price-overrides": () => ({ provider: "openai", model: "fuzz", price: {} }),
  "POST /routes": () => ({ name: "fuzz", targets: [{ upstreamId: ids.upstreams, model: "gpt-4o" }] }),
  "POST /routes/{id}/versions": () => ({ version: "9.9.9", targets: [{ upstreamId: ids.upstreams, model: "gpt-4o" }] }),
  "POST /consumers": () => ({ name: "Fuzz", teamId: api.teamId, planId: ids.plans }),
  "POST /consumers/{consumerId}/api-keys": () => ({ name: "Fuzz" }),
  "POST /users": () => ({
    email: "fuzz@example.test",
    name: "Fuzz",
    role: "auditor",
    password: "long enough to be one",
  }),
  "POST /management-tokens": () => ({ name: "Fuzz", role: "auditor" }),
};

describe("no input is a fault of ours", () => {
  const changes = ENDPOINTS.filter(({ method }) => method === "POST" || method === "PATCH");
  it.each(changes.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const))(
    "%s",
    async (row, endpoint) => {
      const complete = COMPLETE[row]?.() ?? {};
      for (const hostile of hostileBodies(endpoint)) {
        // The later of two members would be refused as repeated: leave the complete one out.
        const [name = ""] = Object.keys(JSON.parse(hostile));
        const beside = Object.entries(complete).filter(([other]) => other !== name);
        const text =
          beside.length === 0
            ? hostile
            : `${JSON.stringify(Object.fromEntries(beside)).slice(0, -1)},${hostile.slice(1)}`;
        await statusOf(endpoint.method, addressOf(endpoint), text);
      }
      expect("polluted" in {}).toBe(false);
    },
    60_000,
  );

  const reads = ENDPOINTS.filter(({ method }) => method === "GET");
  it.each(reads.map((endpoint) => [endpoint.path, endpoint] as const))(
    "GET %s",
    async (_path, endpoint) => {
      const members = Object.keys(membersOf(jsonSchema(endpoint.verb.input, "input")));
      for (const name of [...members, "unknown"])
        for (const value of HOSTILE_QUERY) await statusOf("GET", `${addressOf(endpoint)}?${name}=${value}`);
    },
    60_000,
  );

  it("paths", async () => {
    const values = ["%00", "%ED%A0%80", "%", "__proto__", "constructor", "x".repeat(3_000), "%F0%9F%92%A9"];
    for (const endpoint of ENDPOINTS) {
      if (endpoint.parameters.length === 0) continue;
      for (const value of values) {
        const path = endpoint.path.replaceAll(/\{\w+\}/g, value);
        const text = endpoint.method === "POST" || endpoint.method === "PATCH" ? "{}" : undefined;
        expect([404, 405, 422]).toContain(await statusOf(endpoint.method, path, text));
      }
    }
  });
});
