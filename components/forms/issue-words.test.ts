import { describe, expect, it } from "vitest";
import { z } from "zod";
import { issueWords } from "./issue-words.ts";

const message = (schema: z.ZodType, input: unknown) =>
  schema.safeParse(input, { error: issueWords }).error?.issues[0]?.message;

describe("issueWords", () => {
  it("asks for what is missing, however it is missing", () => {
    expect(message(z.string().min(1), "")).toBe("Fill this in.");
    expect(message(z.number(), null)).toBe("Fill this in.");
    expect(message(z.number(), Number.NaN)).toBe("Fill this in.");
    expect(message(z.string(), undefined)).toBe("Fill this in.");
  });

  it("says bounds in figures", () => {
    expect(message(z.string().min(12), "short")).toBe("Use at least 12 characters.");
    expect(message(z.string().max(2), "long")).toBe("Use at most 2 characters.");
    expect(message(z.number().max(1_000), 1_001)).toBe("Must be at most 1,000.");
    expect(message(z.int(), 1.5)).toBe("Must be a whole number.");
    expect(message(z.array(z.string()).min(1), [])).toBe("Choose at least 1.");
  });

  it("keeps a schema's own words", () => {
    expect(message(z.string().min(12, "must have at least 12 characters"), "short")).toBe(
      "must have at least 12 characters",
    );
    expect(message(z.email("must be an e-mail address"), "x")).toBe("must be an e-mail address");
  });
});
