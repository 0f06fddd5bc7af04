import { describe, expect, it } from "vitest";
import { HttpRule } from "#lib/contract/http-rule.ts";
import { httpBoxes, httpPatch, httpProblems, httpRule } from "./http-values.ts";

const rule = HttpRule.parse({
  methods: ["GET", "PUT"],
  paths: ["/users/{id}", "/search/**"],
  stripPrefix: "/v1",
  requestHeaders: { set: { "x-tenant": "a: b" }, remove: ["x-debug", "x-trace"] },
  query: { set: { key: "a=b" }, remove: ["debug"] },
});

describe("a REST rule in a form", () => {
  it("comes back as it was", () => {
    expect(httpRule(httpBoxes(rule))).toEqual(rule);
    expect(httpRule(httpBoxes(null))).toEqual(HttpRule.parse({ methods: ["GET"], paths: ["/**"] }));
  });

  it("says what is wrong at the box that it is about", () => {
    const boxes = { ...httpBoxes(rule), methods: [], paths: "/ok\n/a/../b", requestSet: "host: x", rewritePath: "/x" };
    expect(
      httpProblems(boxes)
        .map(({ box }) => box)
        .toSorted(),
    ).toEqual(["methods", "paths", "requestSet"]);
    expect(httpProblems({ ...boxes, methods: ["GET"] })[0]?.message).toContain("/a/../b: ");
    expect(httpProblems({ ...httpBoxes(rule), rewritePath: "/x" })[0]?.box).toBe("rewritePath");
    expect(httpProblems(httpBoxes(rule))).toEqual([]);
  });

  it("removes in a patch what is gone", () => {
    const after = httpRule({ ...httpBoxes(rule), stripPrefix: "", requestSet: "x-new: 1", querySet: "" });
    expect(httpPatch(rule, after)).toMatchObject({
      stripPrefix: null,
      rewritePath: null,
      requestHeaders: { set: { "x-tenant": null, "x-new": "1" } },
      query: { set: { key: null } },
    });
  });
});
