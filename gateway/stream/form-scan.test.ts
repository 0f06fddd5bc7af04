import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BodyProblem } from "./body-fields.ts";
import { scanForm } from "./form-scan.ts";
import { spliceText } from "./splice-body.ts";

const TYPE = 'multipart/form-data; boundary="xx"';
const field = (name: string, value: string): string =>
  `--xx\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
const scan = (text: string, type = TYPE) => scanForm(Buffer.from(text, "latin1"), type);
const refused = (text: string, type = TYPE): string | null => {
  const result = scan(text, type);
  return result instanceof BodyProblem ? result.message : null;
};

describe("a form", () => {
  it("tells its model, and whether it streams", () => {
    const facts = scan(`${field("stream", "true")}${field("model", "smart@1.2")}${field("user", "u-1")}--xx--\r\n`);
    expect(facts).toMatchObject({ model: "smart@1.2", modelIn: "form", stream: true, user: "u-1", candidates: 1 });
  });

  it("tells its parameters, as guardrails know them", () => {
    const form = `${field("prompt", "x")}${field("model", "smart")}${field("n", "1")}${field("image[]", "a")}${field("image[]", "b")}`;
    const facts = scan(`${form}${field("language", "de")}--xx--`);
    expect(facts).toMatchObject({ parameters: ["image", "n", "prompt"], otherParameters: ["language"] });
  });

  it("without a model is refused by that name", () => {
    const result = scan(`${field("prompt", "x")}--xx--`);
    expect(result).toEqual(new BodyProblem("You must provide a model parameter.", "model"));
  });

  it("keeps every byte but the model's, whatever the parts hold and in whatever order they come", async () => {
    const name = fc.stringMatching(/^[a-z_]{1,12}$/).filter((text) => !["model", "stream", "user", "n"].includes(text));
    const part = fc.record({ name, bytes: fc.uint8Array({ maxLength: 600 }), isFile: fc.boolean() });
    const forms = fc.record({
      before: fc.array(part, { maxLength: 5 }),
      after: fc.array(part, { maxLength: 5 }),
      model: fc.stringMatching(/^[A-Za-z0-9@._/:-]{1,40}$/),
      target: fc.stringMatching(/^[A-Za-z0-9._/:-]{1,60}$/),
    });
    await fc.assert(
      fc.asyncProperty(forms, async ({ before, after, model, target }) => {
        const form = new FormData();
        const add = (parts: typeof before): void => {
          for (const { name: key, bytes, isFile } of parts) {
            const blob = new Blob([new Uint8Array(bytes)], { type: "application/octet-stream" });
            if (isFile) form.append(key, blob, 'a "b".bin');
            else form.append(key, Buffer.from(bytes).toString("base64"));
          }
        };
        add(before);
        form.append("model", model);
        add(after);
        // The platform's own writer and reader of forms are the oracle.
        const response = new Response(form);
        const type = response.headers.get("content-type") ?? "";
        const body = Buffer.from(await response.arrayBuffer());
        const facts = scanForm(body, type);
        if (facts instanceof BodyProblem) throw new Error(facts.message);
        expect(facts.model).toBe(model);
        const sent = spliceText(body, facts, target);
        const read = await new Response(new Uint8Array(sent), { headers: { "content-type": type } }).formData();
        const expected = new FormData();
        for (const [key, value] of form) expected.append(key, key === "model" ? target : value);
        expect([...read.keys()]).toEqual([...expected.keys()]);
        for (const key of new Set(expected.keys())) {
          const bytes = async (from: FormData): Promise<string[]> =>
            Promise.all(
              from
                .getAll(key)
                .map(async (value) => Buffer.from(await new Response(value).arrayBuffer()).toString("hex")),
            );
          expect(await bytes(read)).toEqual(await bytes(expected));
        }
      }),
      { numRuns: 150 },
    );
  });

  it("is never taken in two ways: damaged anywhere, it has the platform's model or is refused", async () => {
    const whole = `${field("a", "1")}${field("model", "smart")}${field("b", "2")}--xx--\r\n`;
    const damage = fc.record({
      at: fc.nat({ max: whole.length }),
      cut: fc.nat({ max: 4 }),
      put: fc.constantFrom("", "\r\n", "\n", "--xx", "--xx--", '"', ";", " ", "name=", "model", "\r\n\r\n", "x"),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 2 }), async (damages) => {
        let text = whole;
        for (const { at, cut, put } of damages) text = text.slice(0, at) + put + text.slice(at + cut);
        const facts = scan(text);
        if (facts instanceof BodyProblem) return;
        const read = await new Response(text, { headers: { "content-type": TYPE } }).formData().catch(() => null);
        if (read !== null) expect(read.getAll("model")).toEqual([facts.model]);
      }),
      { numRuns: 500 },
    );
  });
});

describe("what two readers may read in two ways is refused", () => {
  const model = field("model", "smart");
  const end = "--xx--\r\n";
  const cases: Record<string, string> = {
    "two models": `${model}${model}${end}`,
    "two models in different letters of the header": `${model}--xx\r\ncontent-disposition: form-data; NAME=model\r\n\r\nother\r\n${end}`,
    "an extended name": `--xx\r\nContent-Disposition: form-data; name="a"; name*=UTF-8''model\r\n\r\nsmart\r\n${model}${end}`,
    "two names in one part": `--xx\r\nContent-Disposition: form-data; name="a"; name="model"\r\n\r\nsmart\r\n${model}${end}`,
    "two dispositions": `--xx\r\nContent-Disposition: form-data; name="a"\r\nContent-Disposition: form-data; name="model"\r\n\r\nx\r\n${model}${end}`,
    "a folded header": `--xx\r\nContent-Disposition: form-data;\r\n name="model"\r\n\r\nsmart\r\n${end}`,
    "a model that is a file": `--xx\r\nContent-Disposition: form-data; name="model"; filename="m"\r\n\r\nsmart\r\n${end}`,
    "an encoded model": `--xx\r\nContent-Disposition: form-data; name="model"\r\nContent-Transfer-Encoding: base64\r\n\r\nc21hcnQ=\r\n${end}`,
    "a delimiter behind a bare line feed": `${field("a", `1\n--xx\r\nx`)}${model}${end}`,
    "a preamble": `hello\r\n${model}${end}`,
    "an epilogue": `${model}${end}--xx\r\n${model}`,
    "a boundary that goes on": `${field("a", "1\r\n--xxy")}${model}${end}`,
    "no end": model,
    "a part without headers": `--xx\r\n\r\nsmart\r\n${model}${end}`,
    "bare line feeds": `${model}${end}`.replaceAll("\r\n", "\n"),
  };
  it.each(Object.entries(cases))("%s", (_name, text) => {
    expect(refused(text)).not.toBeNull();
  });

  it.each([
    "application/json",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    'multipart/form-data; boundary="x" y',
    "multipart/form-data; boundary=xx; boundary=yy",
    `multipart/form-data; boundary=${"x".repeat(71)}`,
    "multipart/mixed; boundary=xx",
  ])("the type %s", (type) => {
    expect(refused(`${model}${end}`, type)).not.toBeNull();
  });

  it("and too many parts, or headers without end", () => {
    expect(refused(`${field("a", "1").repeat(200)}${model}${end}`)).toContain("more than 128");
    expect(
      refused(`--xx\r\nX-A: ${"a".repeat(3_000)}\r\nContent-Disposition: form-data; name="model"\r\n\r\ns\r\n${end}`),
    ).not.toBeNull();
  });
});
