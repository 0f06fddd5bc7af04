import { describe, expect, it } from "vitest";
import { newSecretBoxes, secretOf, secretSchema } from "#components/upstreams/secret-values.ts";

const keys = { accessKeyId: " AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG ", sessionToken: "" };

describe("the boxes of a secret", () => {
  it("become the text that is sealed, in the form of the kind", () => {
    expect(secretOf({ ...newSecretBoxes("apiKey"), secret: " sk-1 " })).toBe("sk-1");
    expect(JSON.parse(secretOf({ ...newSecretBoxes("awsKeys"), ...keys }))).toEqual({
      accessKeyId: "AKIAIOSFODNN7EXAMPLE",
      secretAccessKey: "wJalrXUtnFEMI/K7MDENG",
    });
    expect(secretOf(newSecretBoxes("awsKeys"))).toBe("");
  });

  it("may be left empty only where no secret is needed", () => {
    expect(secretSchema(false).safeParse(newSecretBoxes("awsKeys")).success).toBe(true);
    const missing = secretSchema(true).safeParse(newSecretBoxes("serviceAccount"));
    expect(missing.error?.issues).toMatchObject([{ path: ["secret"], message: "must not be empty" }]);
  });

  it("name the box that is wrong", () => {
    const wrong = secretSchema(true).safeParse({ ...newSecretBoxes("awsKeys"), ...keys, secretAccessKey: "short" });
    expect(wrong.error?.issues).toMatchObject([{ path: ["secretAccessKey"] }]);
    const noFile = secretSchema(true).safeParse({ ...newSecretBoxes("serviceAccount"), secret: "{}" });
    expect(noFile.error?.issues).toMatchObject([{ path: ["secret"] }]);
  });
});
