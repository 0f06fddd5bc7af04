import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BodyProblem, scanBody } from "#gateway/stream/body-scanner.ts";
import { type BoundFields, clampBody } from "./clamp-body.ts";

const space = fc.constantFrom("", " ", "\n\t");
const bound = fc.oneof(
  fc.integer({ min: -5, max: 10_000 }).map(String),
  fc.constantFrom("null", "1e3", "1E2", "0", "99999999999999999999", "1e400"),
);
const other = fc.tuple(
  fc.constantFrom("messages", "temperature", "n_predict", "x", "max_tokens_please", "stop"),
  fc.json({ maxDepth: 2 }),
);
const field = fc.oneof(
  fc.tuple(fc.constantFrom("max_tokens", "max_completion_tokens", "max_output_tokens"), bound),
  other,
);
const body = fc
  .tuple(space, fc.uniqueArray(field, { maxLength: 6, selector: ([name]) => name }))
  .map(([gap, fields]) => {
    const all = [...fields, ["model", '"m"'] as const];
    return `${gap}{${gap}${all.map(([name, value]) => `"${name}"${gap}:${gap}${value}`).join(`,${gap}`)}${gap}}${gap}`;
  });
const fieldsOf: readonly BoundFields[] = [
  ["max_tokens"],
  ["max_completion_tokens", "max_tokens"],
  ["max_output_tokens"],
];

/** What a clamp must come to, worked out on parsed JSON. */
function expected(parsed: Record<string, unknown>, fields: readonly string[], most: number): Record<string, unknown> {
  const clamped = { ...parsed };
  for (const name of ["max_tokens", "max_completion_tokens", "max_output_tokens"]) {
    const value = clamped[name];
    if (value === undefined) continue;
    if (typeof value !== "number" || value < 0 || value > most) clamped[name] = most;
  }
  const [first = ""] = fields;
  if (!fields.some((name) => parsed[name] !== undefined)) clamped[first] = most;
  return clamped;
}

describe("clampBody", () => {
  it("leaves the body equal but for the bound, which holds, and is found again by a second look", () => {
    fc.assert(
      fc.property(body, fc.constantFrom(...fieldsOf), fc.integer({ min: 1, max: 5_000 }), (text, fields, most) => {
        const bytes = Buffer.from(text);
        const facts = scanBody(bytes);
        if (facts instanceof BodyProblem || typeof fields === "string") throw new Error(`Not a body: ${text}`);
        const clamped = clampBody(bytes, facts, fields, most) ?? bytes;
        expect(JSON.parse(clamped.toString())).toEqual(expected(JSON.parse(text), fields, most));
        const again = scanBody(clamped);
        if (again instanceof BodyProblem) throw new Error(again.message);
        expect(again.maxOutputTokens).toBeLessThanOrEqual(most);
        expect(clampBody(clamped, again, fields, most)).toBe(null);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['{"model":"m","contents":[]}', { model: "m", contents: [], generationConfig: { maxOutputTokens: 9 } }],
    ["{ }", { generationConfig: { maxOutputTokens: 9 } }],
    [
      '{"model":"m","generationConfig":{"temperature":1,"maxOutputTokens":10}}',
      { model: "m", generationConfig: { temperature: 1, maxOutputTokens: 9 } },
    ],
    [
      '{"model":"m","generation_config":{"max_output_tokens":-1}}',
      { model: "m", generation_config: { maxOutputTokens: 9 } },
    ],
    ['{"model":"m","generationConfig":null}', { model: "m", generationConfig: { maxOutputTokens: 9 } }],
    ['{"model":"m","generationConfig":{"maxOutputTokens":8}}', null],
  ])("bounds Gemini's %s", (text, wanted) => {
    const bytes = Buffer.from(text);
    const facts = scanBody(bytes, { model: "m", stream: false });
    if (facts instanceof BodyProblem) throw new Error(facts.message);
    const clamped = clampBody(bytes, facts, "generationConfig", 9);
    expect(clamped === null ? null : JSON.parse(clamped.toString())).toEqual(wanted);
  });

  it.each([
    ['{"model":"m","max_tokens":"100"}', "max_tokens"],
    ['{"model":"m","max_tokens":1.5}', "max_tokens"],
    ['{"model":"m","max_tokens":1,"max_tokens":2}', "max_tokens"],
    ['{"model":"m","n":"2"}', "n"],
    [
      '{"model":"m","generationConfig":{"maxOutputTokens":1,"max_output_tokens":2}}',
      "generationConfig.maxOutputTokens",
    ],
    ['{"model":"m","generationConfig":{},"generation_config":{}}', "generationConfig"],
  ])("is not asked to bound %s: two readers could take it differently", (text, param) => {
    expect(scanBody(Buffer.from(text))).toMatchObject({ param });
  });
});
