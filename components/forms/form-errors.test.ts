import { describe, expect, it } from "vitest";
import { flattenErrors } from "./form-errors.ts";

describe("flattenErrors", () => {
  it("lists nested and array errors by path", () => {
    const errors = {
      name: { type: "too_small", message: "Give it a name." },
      targets: [undefined, { model: { type: "custom", message: "No such model." } }],
    };
    expect(flattenErrors<{ name: string; targets: { model: string }[] }>(errors)).toEqual([
      { path: "name", message: "Give it a name." },
      { path: "targets.1.model", message: "No such model." },
    ]);
  });

  it("reports the error of a whole list at the list", () => {
    const errors = { targets: { root: { type: "too_small", message: "Add a target." } } };
    expect(flattenErrors<{ targets: string[] }>(errors)).toEqual([{ path: "targets.root", message: "Add a target." }]);
    expect(flattenErrors({})).toEqual([]);
  });
});
