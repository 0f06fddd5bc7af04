import { describe, expect, it } from "vitest";
import { callbackPath } from "./callback-path.ts";

describe("callbackPath", () => {
  it.each(["/overview", "/requests?consumerId=con_1&status=4xx", "/plans/pln_1#limits", "/"])("keeps %j", (path) =>
    expect(callbackPath(path)).toBe(path),
  );

  it.each([
    undefined,
    "",
    "overview",
    "https://evil.example/x",
    "//evil.example/x",
    "/\\evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    "javascript:alert(1)",
    "/sign-in?callbackUrl=/sign-in",
    "/api/auth/signout",
  ])("sends %j home", (wanted) => expect(callbackPath(wanted)).toBe("/"));
});
