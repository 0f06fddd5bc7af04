import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CacheRule } from "#lib/contract/cache-rule.ts";
import { callerCacheControl, upstreamMaxAgeSeconds, variesByKeyOnly } from "./cache-control.ts";
import { CacheBypass, type CacheKeyParts, cacheKeyText, cacheSubject } from "./cache-key.ts";

const rule = CacheRule.parse({ ttlSeconds: 60 });
const subjectOf = (body: unknown) => cacheSubject("chat.completions", rule, JSON.stringify(body));
const chat = (more: object) => ({ model: "m", messages: [{ role: "user", content: "hi" }], ...more });

/** The same value with keys in another order, white space in between and strings escaped throughout. */
function rewrite(value: unknown, space: string): string {
  if (typeof value === "string") {
    return `"${[...value].map((char) => [...char].map((unit) => escapeUnits(unit)).join("")).join("")}"`;
  }
  if (typeof value === "number") return Object.is(value, -0) ? "-0.0" : widen(JSON.stringify(value));
  if (Array.isArray(value)) return `[${space}${value.map((item) => rewrite(item, space)).join(`${space},${space}`)}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).toReversed();
  return `{${members.map(([key, item]) => `${space}${rewrite(key, "")}${space}:${rewrite(item, space)}`).join(",")}${space}}`;
}

function escapeUnits(text: string): string {
  return Array.from({ length: text.length }, (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, "0")}`).join(
    "",
  );
}

/** Another way to write the same number. */
function widen(text: string): string {
  if (/^-?\d+$/.test(text)) return `${text}.0`;
  return /[eE.]/.test(text) && !/[eE]/.test(text) ? `${text}00` : text;
}

const json = fc.jsonValue({ maxDepth: 4 });
const body = fc
  .dictionary(
    fc.string({ maxLength: 8 }).map((name) => `x_${name}`),
    json,
    { maxKeys: 6 },
  )
  .map(chat);

describe("a cache key's subject", () => {
  it("is equal for bodies of equal meaning", () => {
    fc.assert(
      fc.property(body, fc.constantFrom("", " ", "\n\t", "\r\n"), (value, space) => {
        expect(cacheSubject("chat.completions", rule, rewrite(value, space))).toBe(subjectOf(value));
      }),
    );
  });

  it("differs for bodies of different meaning", () => {
    fc.assert(
      fc.property(body, body, (one, other) => {
        // jsonValue may hold -0, which JSON does not tell from 0.
        fc.pre(JSON.stringify(sorted(one)) !== JSON.stringify(sorted(other)));
        expect(subjectOf(one)).not.toBe(subjectOf(other));
      }),
    );
  });

  it("tells integers apart that floating point does not, and not the ways to write one number", () => {
    const at = (number: string) => cacheSubject("chat.completions", rule, `{"model":"m","seed":${number}}`);
    expect(at("9007199254740993")).not.toBe(at("9007199254740992"));
    for (const same of ["100", "100.0", "1e2", "1.00E+2", "1000e-1"]) expect(at(same)).toBe(at("100"));
    expect(at("-0")).toBe(at("0.00"));
    expect(at("-1")).not.toBe(at("1"));
  });

  it("leaves out who asks, whether it streams, and options that say nothing", () => {
    const plain = subjectOf(chat({}));
    for (const more of [
      { user: "a" },
      { metadata: { a: "b" } },
      { stream: true },
      { stream_options: null },
      { stream_options: {} },
      { stream_options: { include_usage: false } },
    ]) {
      expect(subjectOf(chat(more))).toBe(plain);
    }
    expect(subjectOf(chat({ stream_options: { include_usage: true } }))).not.toBe(plain);
    expect(subjectOf({ ...chat({}), model: "m@1" })).not.toBe(plain);
    const kept = cacheSubject("responses", rule, '{"model":"m","store":false,"metadata":{"a":"b"}}');
    expect(kept).toContain("metadata");
  });

  it("is none where the answer depends on more than the body or the body has no one meaning", () => {
    const reasonOf = (action: Parameters<typeof cacheSubject>[0], text: string, with_ = rule) => {
      const found = cacheSubject(action, with_, text);
      return found instanceof CacheBypass ? found.reason : null;
    };
    expect(reasonOf("chat.completions", '{"model":"m","messages":1,"messages":2}')).toBe("the body has no one meaning");
    expect(reasonOf("chat.completions", '{"a":{"b":1,"\\u0062":2}}')).toBe("the body has no one meaning");
    for (const broken of [
      "",
      "[]",
      '{"a":01}',
      '{"a":1}x',
      '{"a":"\n"}',
      `${"[".repeat(99)}`,
      '{"a":tru}',
      '{"a" 1}',
    ]) {
      expect(reasonOf("chat.completions", broken)).toBe("the body has no one meaning");
    }
    expect(reasonOf("chat.completions", '{"store":true}')).toBe("the answer is to be stored");
    expect(reasonOf("responses", '{"input":"x"}')).toBe("the answer is to be stored");
    expect(reasonOf("responses", '{"store":false,"previous_response_id":"r"}')).toBe('"previous_response_id" is set');
    expect(reasonOf("messages", '{"tools":[{"type":"web_search_20250305"}]}')).toBe(
      "a tool that the vendor carries out",
    );
    expect(reasonOf("chat.completions", '{"tools":[{"type":"function"}]}')).toBeNull();
    expect(reasonOf("messages", '{"tools":[{"name":"own"}]}')).toBeNull();
    expect(reasonOf("generate_content", '{"tools":[{"functionDeclarations":[]}]}')).toBeNull();
    expect(reasonOf("generate_content", '{"tools":[{"googleSearch":{}}]}')).toBe("a tool that the vendor carries out");
    expect(reasonOf("audio.transcriptions", "{}")).toBe("audio.transcriptions is not cached");
  });

  it("is none above temperature 0 where the route says so", () => {
    const strict = CacheRule.parse({ ttlSeconds: 60, onlyTemperatureZero: true });
    const isCached = (action: Parameters<typeof cacheSubject>[0], text: string) =>
      typeof cacheSubject(action, strict, text) === "string";
    expect(isCached("chat.completions", '{"temperature":0}')).toBe(true);
    expect(isCached("chat.completions", '{"temperature":0.0}')).toBe(true);
    expect(isCached("chat.completions", '{"temperature":0.1}')).toBe(false);
    expect(isCached("chat.completions", "{}")).toBe(false);
    expect(isCached("generate_content", '{"generationConfig":{"temperature":0}}')).toBe(true);
    expect(isCached("embeddings", "{}")).toBe(true);
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? 0 : value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, item]) => [key, sorted(item)]);
}

describe("a cache key", () => {
  const parts = fc.record<CacheKeyParts>({
    scope: fc.constantFrom("consumer", "team", "everyone"),
    scopeId: fc.string(),
    versionSeed: fc.string(),
    purgeEpoch: fc.string(),
    action: fc.constantFrom("chat.completions", "embeddings"),
    stream: fc.boolean(),
    details: fc.array(fc.string(), { minLength: 3, maxLength: 3 }),
    subject: fc.string(),
  });

  it("is never shared by another consumer, version, purge, action, kind or header", () => {
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        const isSame = JSON.stringify(one) === JSON.stringify(other);
        expect(cacheKeyText(one) === cacheKeyText(other)).toBe(isSame);
        expect(cacheKeyText(one)).not.toBe(cacheKeyText({ ...one, scopeId: `${one.scopeId}x` }));
        expect(cacheKeyText(one)).not.toBe(cacheKeyText({ ...one, versionSeed: `${one.versionSeed}0` }));
        expect(cacheKeyText(one)).not.toBe(cacheKeyText({ ...one, stream: !one.stream }));
      }),
    );
  });
});

describe("Cache-Control", () => {
  it("is read as RFC 9111 has it, and carefully where it is broken", () => {
    expect(callerCacheControl(null)).toEqual({
      noStore: false,
      noCache: false,
      maxAgeSeconds: Number.POSITIVE_INFINITY,
    });
    expect(callerCacheControl("No-Store, max-age=30")).toEqual({ noStore: true, noCache: false, maxAgeSeconds: 30 });
    expect(callerCacheControl(" no-cache ")).toMatchObject({ noCache: true });
    expect(callerCacheControl("max-age=x")).toMatchObject({ noCache: true, maxAgeSeconds: 0 });
    expect(upstreamMaxAgeSeconds("private, max-age=60", false)).toBe(60);
    expect(upstreamMaxAgeSeconds("private, max-age=60", true)).toBe(0);
    expect(upstreamMaxAgeSeconds("max-age=60, s-maxage=5", true)).toBe(5);
    expect(upstreamMaxAgeSeconds("no-store", false)).toBe(0);
    expect(upstreamMaxAgeSeconds(undefined, true)).toBe(Number.POSITIVE_INFINITY);
    expect(variesByKeyOnly("Accept, Accept-Encoding", ["accept", "accept-encoding"])).toBe(true);
    expect(variesByKeyOnly("*", ["accept"])).toBe(false);
    expect(variesByKeyOnly("accept, x-tenant", ["accept"])).toBe(false);
  });
});
