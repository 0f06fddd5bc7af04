import { describe, expect, it } from "vitest";
import { CredentialRefused } from "../contract.ts";
import { signV4, sigV4Authorize } from "./sigv4.ts";

const KEYS = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const SCOPE = { region: "us-east-1", service: "service", at: new Date("2015-08-30T12:36:00Z"), signsBody: false };
const NO_BODY = Buffer.alloc(0);
const TOKEN =
  "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";

/** AWS's published test suite for Signature Version 4: the cases by their names there. */
describe("AWS's test vectors", () => {
  const cases: [string, string, string, Record<string, string>, string, string, string][] = [
    [
      "get-vanilla",
      "GET",
      "/",
      {},
      "",
      "host;x-amz-date",
      "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    ],
    [
      "get-vanilla-query-order-key-case",
      "GET",
      "/?Param2=value2&Param1=value1",
      {},
      "",
      "host;x-amz-date",
      "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
    ],
    [
      "post-vanilla",
      "POST",
      "/",
      {},
      "",
      "host;x-amz-date",
      "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
    ],
    [
      "post-x-www-form-urlencoded",
      "POST",
      "/",
      { "content-type": "application/x-www-form-urlencoded" },
      "Param1=value1",
      "content-type;host;x-amz-date",
      "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
    ],
  ];
  it.each(cases)("%s", async (_name, method, path, headers, body, signedHeaders, signature) => {
    const request = { method, origin: "https://example.amazonaws.com", path, headers, body: Buffer.from(body) };
    const signed = await signV4(request, KEYS, SCOPE);
    expect(signed["authorization"]).toBe(
      `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=${signedHeaders}, Signature=${signature}`,
    );
  });

  it("post-sts-header-before", async () => {
    const request = { method: "POST", origin: "https://example.amazonaws.com", path: "/", headers: {}, body: NO_BODY };
    const signed = await signV4(request, { ...KEYS, sessionToken: TOKEN }, SCOPE);
    expect(signed["x-amz-security-token"]).toBe(TOKEN);
    expect(signed["authorization"]).toContain(
      "SignedHeaders=host;x-amz-date;x-amz-security-token, Signature=85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead",
    );
  });
});

describe("a Bedrock call", () => {
  const outgoing = {
    method: "POST",
    origin: "https://bedrock-runtime.eu-central-1.amazonaws.com",
    path: "/model/anthropic.claude-3-5-sonnet-20240620-v1%3A0/converse",
    contentType: "application/json",
    body: Buffer.from("{}"),
  };
  const tools = { ask: () => Promise.reject(new Error("asks nobody")), nowMs: () => Date.UTC(2026, 10, 24) };
  const secret = JSON.stringify({ accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: KEYS.secretAccessKey });

  it("carries the signature's headers, and not those that the client sends itself", async () => {
    const list = await sigV4Authorize(outgoing, { kind: "awsKeys", secret }, { region: "eu-central-1" }, tools);
    const names = list.filter((_, place) => place % 2 === 0);
    expect(names.toSorted()).toEqual(["authorization", "x-amz-content-sha256", "x-amz-date"]);
    expect(list.join(" ")).toContain("/20261124/eu-central-1/bedrock/aws4_request");
    expect(list.join(" ")).toContain("SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date");
    expect(list.join(" ")).not.toContain(KEYS.secretAccessKey);
  });

  it("without keys of the right form is refused", async () => {
    const wrong = sigV4Authorize(outgoing, { kind: "awsKeys", secret: "{}" }, { region: "eu-central-1" }, tools);
    await expect(wrong).rejects.toBeInstanceOf(CredentialRefused);
  });
});
