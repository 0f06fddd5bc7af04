import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  compileQuery,
  compileRewrite,
  compileTemplate,
  matchesTemplate,
  PathProblem,
  pathSegments,
  rewritePath,
  rewriteQuery,
} from "./http-path.ts";

const segment = fc.stringMatching(/^[A-Za-z0-9_~-]{1,8}$/);
const anyPath = fc
  .array(
    fc.oneof(
      segment,
      fc.constantFrom(
        "..",
        ".",
        "",
        "%2e%2e",
        "%2E",
        "%2f",
        "%5c",
        "%00",
        "%252e",
        "..;x",
        ";",
        "\\",
        "%4",
        "a%2Fb",
        "%zz",
      ),
      fc.string({ maxLength: 6 }),
    ),
    { maxLength: 6 },
  )
  .map((parts) => `/${parts.join("/")}`);

/** What a careless upstream may make of a path: decoded as often as it likes, backslashes as slashes. */
function carelessly(path: string): string {
  let text = path;
  for (let turn = 0; turn < 3; turn++) {
    try {
      text = decodeURIComponent(text);
    } catch {
      break;
    }
  }
  return text.replaceAll("\\", "/");
}

describe("a caller's path", () => {
  it("that passes reads the same to everybody: nothing climbs, nothing is empty", () => {
    fc.assert(
      fc.property(anyPath, (path) => {
        const segments = pathSegments(path);
        if (segments instanceof PathProblem) return;
        const read = carelessly(`/${segments.join("/")}`);
        const parts = read.slice(1).split("/");
        expect(parts).toHaveLength(segments.length);
        for (const [place, part] of parts.entries()) {
          expect([".", ".."]).not.toContain(part.split(";")[0]);
          if (place < parts.length - 1) expect(part).not.toBe("");
        }
        // biome-ignore lint/suspicious/noControlCharactersInRegex: that none is there is the point.
        expect(read).not.toMatch(/[\u0000-\u001f\u007f]/);
        expect(pathSegments(`/${segments.join("/")}`)).toEqual(segments);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ["/a/../b", '"."'],
    ["/a/./b", '"."'],
    ["/a/%2e%2e/b", "dot"],
    ["/a%2fb", "slash"],
    ["/a%5Cb", "backslash"],
    ["/a//b", "empty"],
    ["//evil.example/x", "empty"],
    ["/a/..;/b", '"."'],
    ["/a/%252e%252e/b", "twice"],
    ["/a%00", "control"],
    ["/a%0d%0ax", "control"],
    ["/a%", "broken"],
    ["/a b", "percent-encoded"],
    ["/a\\b", "percent-encoded"],
    ["/ä", "percent-encoded"],
    ["a", "start"],
  ])("%s is refused", (path, why) => {
    const found = pathSegments(path);
    expect(found instanceof PathProblem ? found.message : found).toContain(why);
  });

  it("has one spelling", () => {
    expect(pathSegments("/%75sers/%c3%a4/")).toEqual(["users", "%C3%A4", ""]);
  });
});

describe("a path template", () => {
  const at = (template: string, path: string): boolean => {
    const segments = pathSegments(path);
    return !(segments instanceof PathProblem) && matchesTemplate(compileTemplate(template), segments);
  };

  it("describes exactly the paths that fill its places", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(segment, fc.boolean()), { minLength: 1, maxLength: 6 }),
        segment,
        (parts, extra) => {
          const template = `/${parts.map(([text, isParameter], place) => (isParameter ? `{p${place}}` : text)).join("/")}`;
          const path = `/${parts.map(([text, isParameter]) => (isParameter ? `${text}${extra}` : text)).join("/")}`;
          expect(at(template, path)).toBe(true);
          expect(at(template, `${path}/${extra}`)).toBe(false);
          expect(at(template, `${path}/`)).toBe(false);
          expect(at(`${template}/**`, `${path}/${extra}/x`)).toBe(true);
          expect(at(`${template}/**`, path)).toBe(true);
        },
      ),
    );
  });

  it("has no empty parameter and no prefix of a segment", () => {
    expect(at("/users/{id}", "/users/")).toBe(false);
    expect(at("/users", "/usersx")).toBe(false);
    expect(at("/", "/")).toBe(true);
    expect(at("/**", "/")).toBe(true);
    expect(at("/a/", "/a/")).toBe(true);
    expect(at("/a/", "/a")).toBe(false);
  });
});

describe("rewriting", () => {
  const rewritten = (paths: string, path: string, strip?: string, to?: string): string => {
    const segments = pathSegments(path);
    if (segments instanceof PathProblem) throw new Error(segments.message);
    return rewritePath(compileRewrite(strip, to), compileTemplate(paths), segments);
  };

  it("moves parameters and the rest where the rule says", () => {
    expect(rewritten("/v1/users/{id}", "/v1/users/7")).toBe("/v1/users/7");
    expect(rewritten("/v1/**", "/v1/a/b/", "/v1")).toBe("/a/b/");
    expect(rewritten("/v1/**", "/v1", "/v1")).toBe("/");
    expect(rewritten("/**", "/v10/a", "/v1")).toBe("/v10/a");
    expect(rewritten("/{a}/{b}", "/x/y", undefined, "/q/{b}/{a}")).toBe("/q/y/x");
    expect(rewritten("/s/**", "/s/a/b", undefined, "/api/**")).toBe("/api/a/b");
    expect(rewritten("/s/{id}", "/s/1", undefined, "/fixed")).toBe("/fixed");
  });

  it("drops a query's names however they are written, and keeps the rest byte by byte", () => {
    const change = compileQuery({ key: "a&b" }, ["debug"]);
    expect(rewriteQuery("a=1&%64ebug=2&b=%20+&debug&key=mine&c", change)).toBe("a=1&b=%20+&c&key=a%26b");
    expect(rewriteQuery("", change)).toBe("key=a%26b");
    expect(rewriteQuery("a=1&&b", compileQuery({}, []))).toBe("a=1&&b");
    expect(rewriteQuery("a=%", change)).toBeInstanceOf(PathProblem);
    expect(rewriteQuery("%ff=1", change)).toBeInstanceOf(PathProblem);
    expect(rewriteQuery("a=1 HTTP/1.1", change)).toBeInstanceOf(PathProblem);
  });

  it("never lets a dropped name through", () => {
    const name = fc.stringMatching(/^[a-z %+=&]{1,6}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.string({ maxLength: 5 })), { maxLength: 8 }), name, (pairs, dropped) => {
        const query = new URLSearchParams(pairs).toString();
        const out = rewriteQuery(query, compileQuery({}, [dropped]));
        if (out instanceof PathProblem) throw new Error(out.message);
        const kept = [...new URLSearchParams(out)].map(([key]) => key);
        expect(kept).toEqual(pairs.map(([key]) => key).filter((key) => key !== dropped));
      }),
    );
  });
});
