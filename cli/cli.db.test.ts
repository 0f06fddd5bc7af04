import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { declarationSchema } from "#cli/declaration-schema.ts";
import { type ApiFixture, createApiFixture } from "#e2e/support/api-fixture.ts";
import { bareEnv } from "#scripts/env.ts";
import { projectRoot } from "#scripts/project-root.ts";

let api: ApiFixture;
let server: Server;
let folder: string;
let url: string;

beforeAll(async () => {
  api = await createApiFixture();
  folder = mkdtempSync(path.join(os.tmpdir(), "turnpike-cli-"));
  server = createServer(async (request, response) => {
    const text = (await buffer(request)).toString("utf8");
    const { authorization = "", ...others } = request.headers;
    const headers = Object.fromEntries(
      ["content-type", "if-match", "idempotency-key"].map((name) => [name, others[name]?.toString()]),
    );
    const sent = { as: { token: authorization.slice("Bearer ".length) }, headers, ...(text === "" ? {} : { text }) };
    const answer = await api.call(request.method ?? "GET", (request.url ?? "").replace("/api/v1", ""), sent);
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address: AddressInfo | string | null = server.address();
  url = typeof address === "object" && address ? `http://127.0.0.1:${address.port}` : "";
});
afterAll(async () => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
  await api.remove();
});

interface Ran {
  code: number;
  out: string;
  err: string;
}

/** Runs the real program in the folder of the declaration. */
function run(args: string[], environment: Record<string, string> = {}): Promise<Ran> {
  const env = bareEnv({ TURNPIKE_URL: url, TURNPIKE_TOKEN: api.tokens.owner, ...environment });
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", path.join(projectRoot, "cli/main.ts"), ...args],
      { cwd: folder, env, timeout: 20_000 },
      (error, out, err) => resolve({ code: typeof error?.code === "number" ? error.code : error ? -1 : 0, out, err }),
    );
  });
}

const YAML = `turnpike: 1
name: shop
upstreams:
  main:
    provider: openai
    credentials:
      default: { secret: env:MAIN_KEY }
      spare: { secret: file:./spare.key }
plans:
  basic:
    rateLimits:
      - { metric: requests, limit: 60, windowSeconds: 60 }
routes:
  chat:
    versions:
      1.0.0:
        targets: [{ upstream: main, model: gpt-5 }]
`;
const write = (text: string) => writeFileSync(path.join(folder, "turnpike.yaml"), text);

// Each run starts a program.
describe("the command line", { timeout: 180_000 }, () => {
  it("plans with status 2, applies with 0, and then plans with 0", async () => {
    write(YAML);
    writeFileSync(path.join(folder, "spare.key"), "sk-spare-0123456789abcd\n");
    const planned = await run(["plan"]);
    expect(planned).toMatchObject({ code: 2 });
    expect(planned.out).toContain("+ version chat@1.0.0");
    expect(planned.out).toContain("shop: 6 to create, 0 to change, 0 to delete, 0 as declared.");
    expect(planned.err).toContain("env:MAIN_KEY is not set");
    const secret = { MAIN_KEY: "sk-main-secret-0123456789" };
    const without = await run(["apply"]);
    expect(without).toMatchObject({ code: 1 });
    expect(without.err).toContain("turnpike.yaml:7:18  /upstreams/main/credentials/default/secret");
    const applied = await run(["apply", "--publish", "--note", "from the file"], secret);
    expect(applied).toMatchObject({ code: 0, err: "" });
    expect(applied.out).toContain("Published as revision 1.");
    expect(applied.out + planned.out + without.err).not.toContain("sk-");
    expect(await run(["plan"], secret)).toMatchObject({ code: 0, err: "" });
    const again = await run(["apply"], secret);
    expect(again).toMatchObject({ code: 0, out: "shop: 0 to create, 0 to change, 0 to delete, 6 as declared.\n" });
  });

  it("shows a change down to the single value, and what was changed by hand", async () => {
    write(YAML.replace("limit: 60", "limit: 120"));
    const { id } = (await (await api.call("GET", "/plans", { as: "owner" })).json()).data[0];
    const body = { description: "by someone" };
    await api.call("PATCH", `/plans/${id}`, { as: "owner", body, headers: { "if-match": "*" } });
    const { out, code } = await run(["plan"]);
    expect(code).toBe(2);
    expect(out).toContain("    rateLimits[0].limit: 60 → 120");
    expect(out).toContain('    by hand: description: "" → "by someone"');
    expect(out).toContain("1 changed by hand since the last apply.");
    const json = JSON.parse((await run(["plan", "--json"])).out);
    expect(json.summary).toMatchObject({ update: 1, drifted: 1 });
    expect((await run(["apply", "--yes"])).code).toBe(0);
  });

  it("says where a file is wrong: line, column, path and remedy", async () => {
    write(YAML.replace("rateLimits:", "rateLimit:").replace("model: gpt-5", "modle: gpt-5"));
    const { code, err } = await run(["check"]);
    expect(code).toBe(1);
    expect(err).toContain(
      'turnpike.yaml:11:5  /plans/basic/rateLimit  There is no field "rateLimit" here. Take it out, or check its spelling.',
    );
    expect(err).toContain("turnpike.yaml:17:37  /routes/chat/versions/1.0.0/targets/0/modle");
    write("turnpike: 1\nname: a\nname: b\n");
    expect((await run(["check"])).err).toContain("turnpike.yaml:3:1  Map keys must be unique");
    write(YAML.replace("upstream: main", "upstream: mian"));
    expect((await run(["plan"])).err).toContain(
      'turnpike.yaml:17:21  /routes/chat/versions/1.0.0/targets/0/upstream  There is no upstream "mian".',
    );
    write(YAML.replace("env:MAIN_KEY", "sk-oops-in-the-file"));
    const pasted = await run(["check"]);
    expect(pasted.err).toContain("a secret itself never stands in a declaration");
    expect(pasted.err).not.toContain("sk-oops");
  });

  it("bounds what aliases may multiply", async () => {
    const levels = Array.from({ length: 9 }, (_, level) => {
      const from = level === 0 ? '"x"' : `*a${level - 1}`;
      return `a${level}: &a${level} [${Array(9).fill(from).join(", ")}]`;
    });
    write(levels.join("\n"));
    const { code, err } = await run(["check"]);
    expect(code).toBe(1);
    expect(err).toContain("Excessive alias count");
  });

  it("exports what it would apply again without a change", async () => {
    write(YAML);
    expect((await run(["apply"])).code).toBe(0);
    const { code } = await run(["export", "--name", "shop", "--owned", "-o", "exported.yaml"]);
    expect(code).toBe(0);
    const text = readFileSync(path.join(folder, "exported.yaml"), "utf8");
    expect(text).toContain("secret: env:MAIN_SPARE_KEY");
    expect((await run(["plan", "-f", "exported.yaml", "--prune"])).code).toBe(0);
  });

  it("imports into the draft, and shows what there is", async () => {
    const config =
      "model_list: [{model_name: moved, litellm_params: {model: openai/gpt-5, api_key: sk-in-the-file-0123}}]\n";
    writeFileSync(path.join(folder, "config.yaml"), config);
    const imported = await run(["import", "config.yaml", "--name", "moved", "--apply"], {
      OPENAI_KEY: "sk-given-0123456789",
    });
    expect(imported).toMatchObject({ code: 0 });
    expect(imported.err).toContain("set OPENAI_KEY to the secret that stands here");
    expect(imported.err).toContain("Applied to the draft");
    expect(imported.out + imported.err).not.toContain("sk-");
    expect((await run(["revisions"])).out).toMatch(/^NUMBER.*\n1 +publish +owner .* from the file$/m);
    expect((await run(["nodes", "--json"])).out).toBe("[]\n");
    expect(await run(["audit", "verify"])).toMatchObject({ code: 0 });
  });

  it("fails with one sentence and status 1", async () => {
    write(YAML);
    for (const [args, environment, sentence] of [
      [["plan"], { TURNPIKE_TOKEN: "" }, "TURNPIKE_TOKEN is not set"],
      [["plan"], { TURNPIKE_TOKEN: "tpm_wrong" }, "token"],
      [["plan"], { TURNPIKE_URL: "http://10.0.0.1:3000" }, "https://"],
      [["plan"], { TURNPIKE_URL: "http://127.0.0.1:9" }, "cannot be reached"],
      [["plan", "--nonsense"], {}, "--nonsense"],
      [["nothing"], {}, 'There is no command "nothing"'],
      [["apply", "--note", "x"], {}, "add --publish"],
      [["plan", "-f", "none.yaml"], {}, "cannot be read"],
    ] as const) {
      const ran = await run([...args], { ...environment });
      expect([args, ran.code, ran.out]).toEqual([args, 1, ""]);
      expect(ran.err).toContain(sentence);
      expect(ran.err.trimEnd().split("\n")).toHaveLength(1);
    }
    expect(await run(["--help"])).toMatchObject({ code: 0 });
    expect(await run([])).toMatchObject({ code: 1 });
  });
});

describe("the published schema", () => {
  it("is the one that declarations are held to: npm run docs:schema", () => {
    const published = readFileSync(path.join(projectRoot, "schemas/turnpike.schema.json"), "utf8");
    expect(published).toBe(declarationSchema());
  });
});
