import { describe, expect, it } from "vitest";
import { fieldWords, outerField } from "./field-words.ts";

describe("fieldWords", () => {
  it("names a field as people read it", () => {
    expect(fieldWords("/rateLimits")).toBe("rate limits");
    expect(fieldWords("/versions/1.0.0/retry/attempts")).toBe("version 1.0.0, retry, attempts");
    expect(fieldWords("/versions/1.0.0")).toBe("version 1.0.0");
    expect(fieldWords("/options/a~1b")).toBe("options, a/b");
  });
});

describe("outerField", () => {
  it("is what can be taken back by itself", () => {
    expect(outerField("/timeouts/idleMs")).toBe("/timeouts");
    expect(outerField("/versions/1.0.0/retry/attempts")).toBe("/versions/1.0.0/retry");
    expect(outerField("/versions/1.0.0")).toBe("/versions/1.0.0");
  });
});
