import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BODY_DEPTH_MAX, BodyProblem, scanBody } from "./body-scanner.ts";
import { spliceBody } from "./splice-body.ts";

/** JSON text with white space anywhere, and any character of a string written as an escape. */
const space = fc.constantFrom("", "", "", " ", "\n", "\t\r\n");
const escaped = (text: string): fc.Arbitrary<string> =>
  fc.array(fc.boolean(), { minLength: text.length, maxLength: text.length }).map((marks) => {
    const units = [...Array(text.length).keys()].map((place) => {
      const unit = text.charCodeAt(place);
      const plain = JSON.stringify(text[place]).slice(1, -1);
      return marks[place] || (unit >= 0xd800 && unit < 0xe000) ? `\\u${unit.toString(16).padStart(4, "0")}` : plain;
    });
    return `"${units.join("")}"`;
  });
const anyString = fc.string({ unit: "binary", maxLength: 60 }).chain(escaped);
const scalar = fc.oneof(
  anyString,
  fc.double({ noDefaultInfinity: true, noNaN: true }).map((value) => JSON.stringify(value)),
  fc.constantFrom("true", "false", "null", "-0", "1e5", "1.5E-3", '"model"', '"a\\"model\\":\\"b"'),
);
const { json } = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    scalar,
    fc
      .tuple(space, fc.array(tie("json"), { maxLength: 4 }))
      .map(([gap, items]) => `[${gap}${items.join(`${gap},${gap}`)}${gap}]`),
    fc
      .tuple(space, fc.array(fc.tuple(fc.oneof(anyString, fc.constant('"model"')), tie("json")), { maxLength: 4 }))
      .map(
        ([gap, fields]) =>
          `{${gap}${fields.map(([key, value]) => `${key}${gap}:${gap}${value}`).join(`${gap},${gap}`)}}`,
      ),
  ),
}));
const WANTED = ["model", "stream", "stream_options", "user"];
const wantedValue: Record<string, fc.Arbitrary<string>> = {
  model: fc.oneof(anyString, json),
  stream: fc.constantFrom("true", "false", "null", "1", '"true"'),
  stream_options: fc.oneof(fc.constantFrom("null", '{"include_usage":true}', '{ "x" : [1] }', "[]"), json),
  user: json,
};
const field = fc.oneof(
  fc.tuple(anyString, json),
  ...WANTED.map((name) => fc.tuple(escaped(name), wantedValue[name] ?? json)),
);
const body = fc
  .tuple(space, fc.array(field, { maxLength: 6 }))
  .map(
    ([gap, fields]) =>
      `${gap}{${gap}${fields.map(([key, value]) => `${key}${gap}:${gap}${value}`).join(`${gap},${gap}`)}}${gap}`,
  );

/** Whether any object in a text names a thing twice, at whatever depth. */
function repeatsName(text: string): boolean {
  const open: Set<string>[] = [];
  let previous = "";
  for (const [part] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/gs)) {
    if (part === "{" || part === "[") open.push(new Set());
    if (part === "}" || part === "]") open.pop();
    if (part === ":") {
      const names = open.at(-1);
      const name: string = JSON.parse(previous);
      if (names?.has(name)) return true;
      names?.add(name);
    }
    previous = part;
  }
  return false;
}

function topLevelKeys(text: string): string[] {
  const keys: string[] = [];
  let depth = 0;
  // JSON.parse calls the reviver from the inside out, so keys are counted by walking tokens instead.
  const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/gs;
  let previous = "";
  for (const [part] of text.matchAll(token)) {
    if (part === "{" || part === "[") depth += 1;
    if (part === "}" || part === "]") depth -= 1;
    if (part === ":" && depth === 1) keys.push(JSON.parse(previous));
    previous = part;
  }
  return keys;
}

describe("scanBody", () => {
  it("sees what JSON.parse sees, and refuses what is ambiguous", () => {
    fc.assert(
      fc.property(body, (text) => {
        const parsed = JSON.parse(text);
        const keys = topLevelKeys(text);
        const isAmbiguous = WANTED.some((name) => keys.filter((key) => key === name).length > 1);
        const options = parsed.stream_options;
        const hasOddOptions =
          options !== undefined && options !== null && (typeof options !== "object" || Array.isArray(options));
        const isRefused =
          isAmbiguous ||
          typeof parsed.model !== "string" ||
          ![undefined, null, true, false].includes(parsed.stream) ||
          hasOddOptions;
        const facts = scanBody(Buffer.from(text));
        // An object that policy reads may not name a thing twice either; which those are is not this test's matter.
        if (!isRefused && facts instanceof BodyProblem) expect(repeatsName(text)).toBe(true);
        else expect(facts instanceof BodyProblem).toBe(isRefused);
        if (facts instanceof BodyProblem) return;
        expect(facts.model).toBe(Buffer.from(parsed.model).toString());
        expect(facts.stream).toBe(parsed.stream === true);
        expect(facts.streamOptions).toEqual(options ?? null);
        expect(facts.user).toBe(typeof parsed.user === "string" ? Buffer.from(parsed.user).toString() : null);
      }),
      { numRuns: 800 },
    );
  });

  it("never finds another model than JSON.parse in text that was damaged", () => {
    fc.assert(
      fc.property(
        body,
        fc.nat(),
        fc.constantFrom("", '"', "\\", "{", "}", ",", ":", "/*", "'", "0", "e", "\n"),
        (text, at, put) => {
          const place = at % (text.length + 1);
          const damaged = text.slice(0, place) + put + text.slice(place + 1);
          const facts = scanBody(Buffer.from(damaged));
          let parsed: unknown;
          try {
            parsed = JSON.parse(damaged);
          } catch {
            return;
          }
          if (!(facts instanceof BodyProblem)) expect(parsed).toMatchObject({ model: facts.model });
        },
      ),
      { numRuns: 800 },
    );
  });

  it("splices a body that says the same with another model and with usage asked for", () => {
    fc.assert(
      fc.property(body, fc.boolean(), (text, wantsUsage) => {
        const bytes = Buffer.from(text);
        const facts = scanBody(bytes);
        if (facts instanceof BodyProblem) return;
        const spliced = JSON.parse(spliceBody(bytes, facts, Buffer.from('"other"'), wantsUsage).toString());
        const original = JSON.parse(text);
        const options = wantsUsage ? { ...original.stream_options, include_usage: true } : original.stream_options;
        expect(spliced).toEqual({
          ...original,
          model: "other",
          ...(options === undefined ? {} : { stream_options: options }),
        });
      }),
    );
  });

  it.each([
    ["", /valid JSON/],
    ["null", /object/],
    ['"x"', /object/],
    ['{"model":"a"', /valid JSON/],
    ['{"model":"a"} x', /valid JSON/],
    ['{"model":"a"}{', /valid JSON/],
    ['{"model":"a",}', /valid JSON/],
    ['{"model":"a" "b":1}', /valid JSON/],
    ['{model:"a"}', /valid JSON/],
    ['{/*"model":"b"*/"model":"a"}', /valid JSON/],
    ["{'model':'a'}", /valid JSON/],
    ['{"model":"a","x":01}', /valid JSON/],
    ['{"model":"a","x":1.}', /valid JSON/],
    ['{"model":"a","x":tru}', /valid JSON/],
    ['{"model":"a","x":[1,]}', /valid JSON/],
    ['{"model":"a","x":[}', /valid JSON/],
    ['\ufeff{"model":"a"}', /object/],
    ['{"model":"a","model":"a"}', /twice/],
    ['{"model":"a","\\u006dodel":"b"}', /twice/],
    ['{"model":"a","generationConfig":{"maxOutputTokens":9000,"maxOutput\\u0054okens":1}}', /generationConfig/],
    ["{}", /must provide a model/],
  ])("refuses %s", (text, why) => {
    const facts = scanBody(Buffer.from(text));
    expect(facts).toBeInstanceOf(BodyProblem);
    expect(facts instanceof BodyProblem ? facts.message : "").toMatch(why);
  });

  it(`takes ${BODY_DEPTH_MAX} levels of nesting and not one more`, () => {
    const nested = (depth: number): Buffer =>
      Buffer.from(`{"x":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)},"model":"a"}`);
    expect(scanBody(nested(BODY_DEPTH_MAX))).toMatchObject({ model: "a" });
    expect(scanBody(nested(BODY_DEPTH_MAX + 1))).toBeInstanceOf(BodyProblem);
  });
});
