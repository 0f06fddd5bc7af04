import { expect, it } from "vitest";
import type { TemplateView } from "#lib/domain/template/schemas.ts";
import { templateBody, templateDefaults } from "./template-values.ts";

const template: TemplateView = {
  name: "t",
  title: "T",
  summary: "",
  category: "limits",
  limits: null,
  parameters: [
    { name: "planName", label: "Plan", help: "", kind: "planName", default: "fair" },
    { name: "upstream", label: "Upstream", help: "", kind: "upstream", default: null },
    { name: "calls", label: "Calls", help: "", kind: "count", default: null, min: 1, max: 9 },
  ],
};

it("begins with the defaults, and sends what is filled in", () => {
  const values = templateDefaults(template);
  expect(values.parameters).toEqual({ planName: "fair", upstream: "", calls: null });
  expect(templateBody(values)).toEqual({ planName: "fair" });
  expect(templateBody({ parameters: { planName: "  own ", upstream: "ups_1", calls: 0 } })).toEqual({
    planName: "own",
    upstream: "ups_1",
    calls: 0,
  });
});
