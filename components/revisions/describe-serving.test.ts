import { describe, expect, it } from "vitest";
import { HttpRule } from "#lib/contract/http-rule.ts";
import { RouteVersionDocument } from "#lib/contract/policy-document.ts";
import { cacheSentences, httpSentences } from "./describe-serving.ts";

const version = (cache: object | null) =>
  RouteVersionDocument.parse({
    version: "1.0.0",
    status: "active",
    deprecatedAt: null,
    sunsetAt: null,
    successor: null,
    strategy: "round_robin",
    targets: [{ id: "tgt_1", upstreamId: "ups_1", model: "m", weight: 1, priority: 0 }],
    retry: { attempts: 1 },
    timeouts: {},
    cache,
  });

describe("what changes in how a version is served", () => {
  it("says how answers are kept, and that they no longer are", () => {
    const [none, short, team] = [
      version(null),
      version({ ttlSeconds: 60 }),
      version({ ttlSeconds: 60, scope: "team" }),
    ];
    expect(cacheSentences(none, none)).toEqual([]);
    expect(cacheSentences(none, short)).toEqual(["answers kept 1 m, each consumer by itself, answers up to 1 MiB."]);
    expect(cacheSentences(short, team)[0]).toContain("shared within a team, answers up to 1 MiB instead of 1 m");
    expect(cacheSentences(team, none)).toEqual(["answers are no longer kept."]);
  });

  it("says what a REST API takes, serves and changes", () => {
    const from = HttpRule.parse({ methods: ["GET"], paths: ["/a", "/b"], stripPrefix: "/v1" });
    const to = HttpRule.parse({
      methods: ["GET", "PUT"],
      paths: ["/a", "/c"],
      requestHeaders: { set: { "x-a": "1" } },
    });
    expect(httpSentences(from, to)).toEqual([
      "takes GET, PUT.",
      "serves /c.",
      "no longer serves /b.",
      "no stripped prefix any more.",
      "request headers set: x-a: 1.",
    ]);
    expect(httpSentences(from, from)).toEqual([]);
    expect(httpSentences(null, null)).toEqual([]);
  });
});
