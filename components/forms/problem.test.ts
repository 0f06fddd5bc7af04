import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { ApiProblem, Problem } from "#lib/contract/problem.ts";
import { pointerToPath, toFormFailure } from "./problem.ts";

const refusal = (body: z.input<typeof Problem>) => new ApiProblem(Problem.parse(body));

const problem = refusal({
  type: "about:blank",
  title: "Validation failed",
  status: 422,
  detail: "Two fields are wrong.",
  code: "validation_failed",
  errors: [
    { pointer: "/name", code: "too_short", detail: "Give it a name." },
    { pointer: "/targets/0/model", code: "unknown", detail: "No such model." },
    { pointer: "/cache/ttlSeconds", code: "not_supported", detail: "Caching does not work yet." },
  ],
});

describe("pointerToPath", () => {
  it.each([
    ["/name", "name"],
    ["/targets/0/model", "targets.0.model"],
    ["#/rateLimits/1/limit", "rateLimits.1.limit"],
    ["/a~1b/c~0d", "a/b.c~d"],
    ["/a%20b", "a b"],
    ["/bad%zz", "bad%zz"],
    ["", ""],
  ])("turns %j into %j", (pointer, path) => expect(pointerToPath(pointer)).toBe(path));
});

describe("toFormFailure", () => {
  const shown = new Set(["name", "targets.0.model", "cache"]);
  const hasField = (path: string) => shown.has(path);

  it("gives each error to its field, or to the nearest parent the form shows", () => {
    expect(toFormFailure(problem, hasField)).toEqual({
      fields: [
        { path: "name", code: "too_short", message: "Give it a name." },
        { path: "targets.0.model", code: "unknown", message: "No such model." },
        { path: "cache", code: "not_supported", message: "Caching does not work yet." },
      ],
      general: [],
    });
  });

  it("keeps what no field takes in sight", () => {
    expect(toFormFailure(problem, () => false).general).toEqual([
      "Give it a name.",
      "No such model.",
      "Caching does not work yet.",
    ]);
  });

  it("shows a conflict's detail and never an unknown error's message", () => {
    expect(
      toFormFailure(refusal({ status: 409, title: "Conflict", detail: "Published plan is missing." }), hasField),
    ).toEqual({
      fields: [],
      general: ["Published plan is missing."],
    });
    expect(toFormFailure(new Error("secret stack"), hasField).general.join()).not.toContain("secret");
    expect(toFormFailure(refusal({ status: 412, title: "Precondition Failed" }), hasField).general.join()).toContain(
      "Somebody else changed this",
    );
  });
});
