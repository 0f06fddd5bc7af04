import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";

const MAIN = new URL("./main.ts", import.meta.url).pathname;

async function start(environment: Record<string, string>): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [MAIN, "0"], {
    env: { NODE_ENV: "test", ...environment },
    stdio: ["pipe", "pipe", "inherit"],
  });
  if (child.stdout === null) throw new Error("no stdout");
  const [line] = await once(child.stdout, "data");
  return { child, url: JSON.parse(String(line)).listening };
}

describe("the demo upstream as a process", () => {
  it("says where it listens and ends on SIGTERM", async () => {
    const { child, url } = await start({});
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await fetch(`${url}/v1/models`, { headers: { "api-key": "k" } })).status).toBe(200);
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  it("ends when its parent's pipe closes", async () => {
    const { child } = await start({ DEMO_PARENT_PIPE: "1" });
    child.stdin?.end();
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  it("refuses a bad port in one sentence", async () => {
    const child = spawn(process.execPath, [MAIN, "99999"], { stdio: ["ignore", "ignore", "pipe"] });
    const chunks: string[] = [];
    child.stderr?.on("data", (chunk) => chunks.push(String(chunk)));
    expect(await once(child, "exit")).toEqual([1, null]);
    expect(chunks.join("")).toMatch(/^The demo upstream could not start: DEMO_PORT must be/);
  });
});
