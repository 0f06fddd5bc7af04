import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { errorsPage } from "./errors.ts";

it("docs/errors.md explains every code as it is now (npm run docs:errors)", () => {
  expect(readFileSync("docs/errors.md", "utf8")).toBe(errorsPage());
});
