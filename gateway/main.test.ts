import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseGatewayEnv } from "./env.ts";
import { TestControlPlane } from "./testing/control-plane.ts";
import {
  addConsumer,
  policy,
  route,
  target,
  temporaryDirectory,
  until,
  upstream,
  version,
} from "./testing/fixtures.ts";
import { stream, streamEvent, TestUpstream } from "./testing/upstream.ts";

const MAIN = new URL("./main.ts", import.meta.url).pathname;

let plane: TestControlPlane;
let model: TestUpstream;
let home: Awaited<ReturnType<typeof temporaryDirectory>>;
let secret: string;
let running: Running[] = [];

interface Running {
  readonly child: ChildProcess;
  readonly port: number;
}

/** Starts the real program and waits for the line in which it says where it listens. */
async function start(joinToken = ""): Promise<Running> {
  const child = spawn(process.execPath, [MAIN], {
    env: {
      NODE_ENV: "test",
      TURNPIKE_CONTROL_URL: plane.url,
      TURNPIKE_JOIN_TOKEN: joinToken,
      TURNPIKE_NODE_DIR: home.path,
      GATEWAY_PORT: "0",
      GATEWAY_STATUS_PORT: "0",
      TURNPIKE_PARENT_PIPE: "1",
    },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let text = "";
  child.stdout?.on("data", (chunk) => {
    text += String(chunk);
  });
  const listening = (): string | undefined => text.split("\n").find((line) => line.includes('"listening"'));
  await until("the program listens", () => listening() !== undefined || child.exitCode !== null, 20_000);
  const { port } = JSON.parse(listening() ?? '{"port":0}');
  running.push({ child, port });
  return { child, port };
}

async function kill({ child }: Running, signal: NodeJS.Signals): Promise<number | null> {
  const exited = once(child, "exit");
  child.kill(signal);
  const [code] = await exited;
  return code;
}

function chat(port: number, more: object = {}): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
    method: "POST",
    headers: { "x-api-key": secret },
    body: JSON.stringify({ model: "smart", messages: [], ...more }),
  });
}

beforeEach(async () => {
  running = [];
  plane = await TestControlPlane.start();
  model = await TestUpstream.start();
  home = await temporaryDirectory();
  secret = addConsumer(plane, "con_1");
  plane.publishDocument(1, policy([upstream("ups_1", model.url)], [route("smart", [version([target("ups_1")])])]));
});
afterEach(async () => {
  for (const each of running)
    if (each.child.exitCode === null && each.child.signalCode === null) await kill(each, "SIGKILL");
  await plane.stop();
  await model.stop();
  await home.remove();
});

describe("the program", () => {
  it("killed in the middle of calls loses none and doubles none: what was begun is there, flagged as interrupted", async () => {
    const first = await start(plane.joinToken);
    await until("it serves", async () => (await chat(first.port)).status === 200);
    await Promise.all(Array.from({ length: 20 }, () => chat(first.port).then((answer) => answer.text())));
    model.answer = (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" }).write(streamEvent("x"));
    };
    plane.usageStatus = 503;
    const open = await Promise.all(Array.from({ length: 5 }, () => chat(first.port, { stream: true })));
    const begun = model.received.length;
    await kill(first, "SIGKILL");
    expect(open.every((answer) => answer.status === 200)).toBe(true);

    plane.usageStatus = null;
    const again = await start();
    const sent = () => plane.events.filter(({ outcome }) => outcome !== "denied");
    await until("every call that reached the upstream is accounted for", () => sent().length >= begun);
    expect(new Set(sent().map(({ id }) => id))).toEqual(
      new Set(model.received.map(({ headers }) => headers["x-request-id"])),
    );
    const interrupted = plane.events.filter(({ outcome }) => outcome === "interrupted");
    expect(interrupted.length).toBe(5);
    expect(interrupted[0]).toMatchObject({ consumerId: "con_1", route: "smart", usage: { source: "estimate" } });
    model.answer = stream(["ok"]);
    expect((await chat(again.port)).status).toBe(200);
  }, 60_000);

  it("lets streams end on SIGTERM, takes no new connection, reports what was used and exits with 0", async () => {
    const node = await start(plane.joinToken);
    await until("it serves", async () => (await chat(node.port)).status === 200);
    let release: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    model.answer = async (response, received) => {
      response.writeHead(200, { "content-type": "text/event-stream" }).write(streamEvent("a"));
      await held;
      await stream(["b"])(Object.assign(response, { writeHead: () => response }), received);
    };
    const answer = await chat(node.port, { stream: true });
    const exited = once(node.child, "exit");
    node.child.kill("SIGTERM");
    await until("the door is closed", async () => (await chat(node.port).catch(() => null)) === null);
    release();
    const text = await answer.text();
    expect(text).toContain("[DONE]");
    expect((await exited)[0]).toBe(0);
    expect(plane.events.filter((event) => event.stream)).toMatchObject([{ outcome: "ok" }]);
    expect(plane.events.filter(({ outcome }) => outcome !== "denied").length).toBe(model.received.length);
  }, 60_000);

  it("goes down when whoever started it is gone", async () => {
    const node = await start(plane.joinToken);
    const exited = once(node.child, "exit");
    node.child.stdin?.end();
    expect((await exited)[0]).toBe(0);
  }, 60_000);
});

describe("its environment", () => {
  it("is refused with every error at once, and empty counts as unset", () => {
    const wrong = { TURNPIKE_CONTROL_URL: "ftp://x", GATEWAY_PORT: "99999", HOST: "0.0.0.0", LOG_LEVEL: "" };
    expect(() => parseGatewayEnv(wrong)).toThrow(/TURNPIKE_CONTROL_URL[\s\S]*GATEWAY_PORT[\s\S]*HOST/);
    expect(() => parseGatewayEnv({})).toThrow("TURNPIKE_CONTROL_URL");
    const right = parseGatewayEnv({
      TURNPIKE_CONTROL_URL: "http://127.0.0.1:3000",
      HOST: "0.0.0.0",
      TURNPIKE_ALLOW_HTTP: "1",
      TURNPIKE_HOME: "/data",
    });
    expect(right).toMatchObject({ GATEWAY_PORT: 8080, LOG_LEVEL: "info", nodeDirectory: "/data/node" });
  });

  it("names one shared store, by either name, and never says its password", () => {
    const withStore = (more: Record<string, string>) =>
      parseGatewayEnv({ TURNPIKE_CONTROL_URL: "http://127.0.0.1:3000", ...more }).sharedStoreUrl;
    expect(withStore({})).toBeUndefined();
    const tls = "rediss://user:secret@store:6380/2";
    expect(withStore({ REDIS_URL: tls })).toBe(tls);
    expect(withStore({ VALKEY_URL: "valkeys://store" })).toBe("valkeys://store");
    expect(withStore({ VALKEY_URL: tls, REDIS_URL: tls })).toBe(tls);
    expect(() => withStore({ VALKEY_URL: "redis://a", REDIS_URL: "redis://b" })).toThrow("two different stores");
    const wrong = () => withStore({ VALKEY_URL: "https://user:secret@store" });
    expect(wrong).toThrow(/VALKEY_URL must be an address such as redis/);
    expect(wrong).not.toThrow("secret");
  });
});
