import { describe, expect, it } from "vitest";
import { compileRouteRule, isRouteAllowed } from "./plan-allows.ts";
import { compilePins, type ResolvableVersion, resolveModel } from "./resolve-model.ts";

const version = (number: string, status: ResolvableVersion["status"] = "active"): ResolvableVersion => ({
  version: number,
  status,
  successor: null,
});

function routesOf(defaultNumber: string, versions: ResolvableVersion[]) {
  const byPin = compilePins(versions);
  const defaultVersion = versions.find((each) => each.version === defaultNumber) ?? version("0.0.0");
  return new Map([["team/smart", { defaultVersion, byPin }]]);
}

describe("resolveModel", () => {
  const routes = routesOf("1.2.0", [
    version("1.2.0"),
    version("1.10.0"),
    version("1.2.9", "deprecated"),
    version("1.3.0", "retired"),
    version("2.0.0", "retired"),
    version("2.1.0", "retired"),
  ]);
  it.each([
    ["team/smart", null, "found", "1.2.0"],
    ["team/smart@1", null, "found", "1.10.0"],
    ["team/smart@1.2", null, "found", "1.2.9"],
    ["team/smart@1.2.0", null, "found", "1.2.0"],
    ["team/smart", "1", "found", "1.10.0"],
    ["team/smart@1", "1", "found", "1.10.0"],
    ["team/smart@1.3", null, "retired", "1.3.0"],
    ["team/smart@2", null, "retired", "2.1.0"],
  ])("%s with header %s is %s %s", (model, header, kind, number) => {
    const found = resolveModel(routes, model, header);
    expect(found.kind).toBe(kind);
    expect("version" in found && found.version.version).toBe(number);
  });
  it.each([
    ["team/smart@3", null, "not_found"],
    ["team/smart@", null, "not_found"],
    ["team/smart@1@1", null, "not_found"],
    ["team/smart@1.2.0.0", null, "not_found"],
    ["smart", null, "not_found"],
    ["__proto__", null, "not_found"],
    ["team/smart@1", "1.2", "conflict"],
  ])("%s with header %s is %s", (model, header, kind) => {
    expect(resolveModel(routes, model, header).kind).toBe(kind);
  });
});

describe("isRouteAllowed", () => {
  it("lets a key narrow its plan and never widen it", () => {
    const all = compileRouteRule(["*"]);
    const some = compileRouteRule(["a", "b"]);
    expect(isRouteAllowed(all, null, "a")).toBe(true);
    expect(isRouteAllowed(some, null, "c")).toBe(false);
    expect(isRouteAllowed(some, all, "c")).toBe(false);
    expect(isRouteAllowed(all, some, "c")).toBe(false);
    expect(isRouteAllowed(some, compileRouteRule(["b", "c"]), "b")).toBe(true);
    expect(isRouteAllowed(all, compileRouteRule([]), "a")).toBe(false);
  });
});
