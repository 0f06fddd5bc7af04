import { expect, it } from "vitest";
import { idem } from "#e2e/chaos/idem/idem.ts";

it("gives every POST one effect and one answer, however often it comes and whoever is killed meanwhile", {
  timeout: 300_000,
}, async () => {
  const verdict = await idem(12, 4);
  expect(verdict).toEqual(expect.objectContaining({ case: "idem", violations: 0 }));
  expect(verdict.figures.kills).toBe(4);
});
