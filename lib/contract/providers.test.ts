import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findSecretProblem, secretEnding } from "./credential-kind.ts";
import { defaultBaseUrl, fillOptions, findOptionProblems, PROVIDERS, type ProviderOptions } from "./providers.ts";

const examples = (kind: string): ProviderOptions =>
  Object.fromEntries(
    (PROVIDERS.find((each) => each.kind === kind)?.options ?? []).map(({ name, example }) => [name, example]),
  );

describe("every provider", () => {
  it.each(PROVIDERS.map(({ kind }) => kind))(
    "%s has options that its own examples fit, and an address of them",
    (kind) => {
      const options = examples(kind);
      expect(findOptionProblems(kind, options)).toEqual([]);
      const address = defaultBaseUrl(kind, options);
      const { defaultBaseUrl: template } = PROVIDERS.find((each) => each.kind === kind) ?? {};
      expect(address === null).toBe(template === null || template === undefined);
      if (address !== null) expect(new URL(address).pathname).not.toMatch(/.\/$/);
    },
  );

  it("is named once", () => {
    expect(new Set(PROVIDERS.map(({ kind }) => kind)).size).toBe(PROVIDERS.length);
    expect(new Set(PROVIDERS.map(({ label }) => label)).size).toBe(PROVIDERS.length);
  });

  it("keeps its host, whatever an option says that it takes", () => {
    const hosts: Record<string, RegExp> = {
      vertex_ai: /^[a-z0-9-]+-aiplatform\.googleapis\.com$|^aiplatform\.googleapis\.com$/,
      bedrock: /^bedrock-runtime\.[a-z0-9-]+\.amazonaws\.com$/,
      databricks: /^[a-z0-9-]+\.cloud\.databricks\.com$/,
      cloudflare: /^api\.cloudflare\.com$/,
    };
    const value = fc.oneof(fc.string({ maxLength: 40 }), fc.stringMatching(/^[a-z0-9./:@?#\\-]{1,30}$/));
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(hosts)), value, (kind, text) => {
        const options = Object.fromEntries(Object.keys(examples(kind)).map((name) => [name, text]));
        const required =
          PROVIDERS.find((each) => each.kind === kind)?.options.filter(({ isRequired }) => isRequired) ?? [];
        const taken = Object.fromEntries(required.map(({ name }) => [name, options[name] ?? ""]));
        if (findOptionProblems(kind, taken).length > 0) return;
        const url = new URL(defaultBaseUrl(kind, taken) ?? "");
        expect(url.hostname).toMatch(hosts[kind] ?? /^$/);
        expect([url.search, url.hash, url.username]).toEqual(["", "", ""]);
      }),
    );
  });
});

describe("options", () => {
  it("fill their places, or nothing at all", () => {
    expect(fillOptions("https://{a}.x/{b}", { a: "1", b: "2" })).toBe("https://1.x/2");
    expect(fillOptions("https://{a}.x", {})).toBeNull();
    expect(fillOptions("https://{toString}.x", {})).toBeNull();
    expect(fillOptions("plain", {})).toBe("plain");
  });
});

describe("a secret", () => {
  const keys = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG" };
  const file = {
    type: "service_account",
    private_key_id: "0123456789abcdef",
    private_key: "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n",
    client_email: "a@b.iam.gserviceaccount.com",
  };

  it("has the form of its kind", () => {
    expect(findSecretProblem("apiKey", "sk-1")).toBeNull();
    expect(findSecretProblem("awsKeys", JSON.stringify(keys))).toBeNull();
    expect(findSecretProblem("serviceAccount", JSON.stringify(file, null, 2))).toBeNull();
    expect(secretEnding("awsKeys", JSON.stringify(keys))).toBe("MPLE");
    expect(secretEnding("serviceAccount", JSON.stringify(file))).toBe("cdef");
    expect(secretEnding("apiKey", "short")).toBe("");
  });

  it("or is told apart, by the part that is wrong and never by what it is", () => {
    expect(findSecretProblem("apiKey", "two words")).toContain("printable");
    expect(findSecretProblem("awsKeys", "AKIA")).toContain("JSON");
    expect(findSecretProblem("awsKeys", JSON.stringify({ ...keys, extra: 1 }))).not.toBeNull();
    expect(findSecretProblem("awsKeys", JSON.stringify({ ...keys, accessKeyId: "hush" }))).toMatch(/^accessKeyId: /);
    expect(findSecretProblem("awsKeys", JSON.stringify({ ...keys, accessKeyId: "hush" }))).not.toContain("hush");
    const elsewhere = JSON.stringify({ ...file, token_uri: "https://evil.example/token" });
    expect(findSecretProblem("serviceAccount", elsewhere)).toMatch(/^token_uri: /);
  });
});
