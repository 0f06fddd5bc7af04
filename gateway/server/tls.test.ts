import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { connect as netConnect } from "node:net";
import { join } from "node:path";
import { connect, TLSSocket } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TestAuthority } from "#gateway/testing/certificates.ts";
import { temporaryDirectory, until } from "#gateway/testing/fixtures.ts";
import { Harness } from "#gateway/testing/harness.ts";
import { parseNetworks } from "#lib/policy/client-address.ts";
import type { TlsOptions } from "./tls-listening.ts";
import { TlsServing } from "./tls-serving.ts";

let home: { path: string; remove: () => Promise<void> };
const file = (name: string): string => join(home.path, name);

let authority: TestAuthority;

async function certify(name: string, days = 1): Promise<void> {
  const { cert, key } = await authority.certify(name, { days });
  writeFileSync(file(`${name}.crt`), cert);
  writeFileSync(file(`${name}.key`), key);
}

function put(name: string): void {
  copyFileSync(file(`${name}.key`), file("served.key"));
  copyFileSync(file(`${name}.crt`), file("served.crt"));
}

const options = (more: Partial<TlsOptions> = {}): TlsOptions => ({
  certFile: file("served.crt"),
  keyFile: file("served.key"),
  clientCaFile: null,
  clientCertificates: "required",
  redirectPort: null,
  lookEveryMs: 20,
  ...more,
});

interface Answer {
  status: number;
  headers: Record<string, unknown>;
  subject: string;
  /** Of the caller's end: names the connection. */
  localPort: number;
}

function chat(port: number, secret: string, more: object = {}, headers: Record<string, string> = {}): Promise<Answer> {
  const body = JSON.stringify({ model: "smart", messages: [{ role: "user", content: "hi" }] });
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: "127.0.0.1",
        port,
        path: "/v1/chat/completions",
        method: "POST",
        rejectUnauthorized: false,
        // A connection of its own, with a handshake of its own.
        agent: new Agent({ keepAlive: false, maxCachedSessions: 0 }),
        headers: { authorization: `Bearer ${secret}`, ...headers },
        ...more,
      },
      (incoming) => {
        const { socket } = incoming;
        const localPort = socket.localPort ?? 0;
        const subject = socket instanceof TLSSocket ? (socket.getPeerX509Certificate()?.subject ?? "") : "";
        incoming
          .resume()
          .on("end", () =>
            resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, subject, localPort }),
          );
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

beforeAll(async () => {
  home = await temporaryDirectory();
  authority = await TestAuthority.make();
  writeFileSync(file("ca.crt"), authority.cert);
  for (const name of ["first", "second", "caller"]) await certify(name);
  await certify("expired", -1);
  put("first");
});
afterAll(() => home.remove());

describe("a node with TLS", () => {
  let harness: Harness;
  beforeAll(async () => {
    const trustedProxies = parseNetworks("127.0.0.1") ?? undefined;
    harness = await Harness.start({
      tls: options({ redirectPort: 0 }),
      ...(trustedProxies === undefined ? {} : { trustedProxies }),
    });
  });
  afterAll(() => harness.stop());

  it("serves over TLS 1.2 and later, says so for a year, and knows the caller behind its proxy", async () => {
    const answer = await chat(harness.node.port, harness.secret, {}, { "x-forwarded-for": "6.6.6.6, 198.51.100.7" });
    expect(answer).toMatchObject({ status: 200, headers: { "strict-transport-security": "max-age=31536000" } });
    const id = String(answer.headers["x-request-id"]);
    await until("the event arrives", () => harness.plane.events.some((event) => event.id === id));
    expect(harness.plane.events.find((event) => event.id === id)?.sourceAddress).toBe("198.51.100.7");
    const refused = await chat(harness.node.port, "tp_nobody");
    expect(refused).toMatchObject({ status: 401, headers: { "strict-transport-security": "max-age=31536000" } });
    await expect(
      chat(harness.node.port, harness.secret, { minVersion: "TLSv1", maxVersion: "TLSv1.1" }),
    ).rejects.toThrow();
    const protocol = await new Promise((resolve) => {
      const socket = connect(
        { host: "127.0.0.1", port: harness.node.port, rejectUnauthorized: false, ALPNProtocols: ["h2", "http/1.1"] },
        () => {
          resolve(socket.alpnProtocol);
          socket.destroy();
        },
      );
    });
    expect(protocol).toBe("http/1.1");
  });

  it("takes no plain HTTP, and sends whoever asks at the other port to TLS", async () => {
    const answered = await new Promise<string>((resolve) => {
      let text = "";
      const socket = netConnect(harness.node.port, "127.0.0.1", () =>
        socket.write("GET /v1/models HTTP/1.1\r\nhost: x\r\n\r\n"),
      );
      socket.on("data", (chunk) => {
        text += chunk.toString("latin1");
      });
      socket.on("error", () => {}).on("close", () => resolve(text));
    });
    expect(answered).not.toContain("HTTP/1.1 2");
    const redirected = await fetch(`http://127.0.0.1:${harness.node.redirectPort}/v1/models?x=1`, {
      redirect: "manual",
    });
    expect([redirected.status, redirected.headers.get("location")]).toEqual([
      308,
      `https://127.0.0.1:${harness.node.port}/v1/models?x=1`,
    ]);
  });

  it("takes a new certificate while calls go on, and drops no connection", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false });
    const first = await chat(harness.node.port, harness.secret, { agent });
    expect(first.subject).toBe("CN=first");
    let failed = 0;
    let isOver = false;
    const caller = (async () => {
      while (!isOver) {
        const answer = await chat(harness.node.port, harness.secret, { agent }).catch(() => null);
        if (answer?.status !== 200 || answer.localPort !== first.localPort) failed += 1;
      }
    })();
    put("second");
    await until(
      "new connections get the new certificate",
      async () => (await chat(harness.node.port, harness.secret)).subject === "CN=second",
    );
    // The connection that began under the old certificate still stands.
    expect((await chat(harness.node.port, harness.secret, { agent })).localPort).toBe(first.localPort);
    isOver = true;
    await caller;
    expect(failed).toBe(0);
    agent.destroy();
  });

  it("keeps the old certificate when the new files are broken, do not fit together, or have expired, and says so", async () => {
    const metric = async (name: string): Promise<number> => {
      const text = await (await fetch(`http://127.0.0.1:${harness.node.statusPort}/metrics`)).text();
      return Number(new RegExp(`^${name} (\\d+)$`, "m").exec(text)?.[1] ?? -1);
    };
    const refused = 'turnpike_tls_reloads_total\\{result="refused"\\}';
    const spoil: (() => void)[] = [
      () => writeFileSync(file("served.crt"), "no certificate"),
      () => copyFileSync(file("caller.crt"), file("served.crt")),
      () => put("expired"),
    ];
    for (const [place, make] of spoil.entries()) {
      make();
      await until("the files are looked at", async () => (await metric(refused)) >= place + 1);
      expect((await chat(harness.node.port, harness.secret)).subject).toBe("CN=second");
    }
    expect(await metric("turnpike_tls_certificate_not_after_seconds")).toBeGreaterThan(Date.now() / 1_000);
    put("first");
    await until(
      "good files are taken again",
      async () => (await chat(harness.node.port, harness.secret)).subject === "CN=first",
    );
  });
});

describe("callers' certificates", () => {
  it.each(["required", "optional"] as const)("are checked where they are %s", async (clientCertificates) => {
    put("first");
    const harness = await Harness.start({ tls: options({ clientCaFile: file("ca.crt"), clientCertificates }) });
    const own = { cert: readFileSync(file("caller.crt")), key: readFileSync(file("caller.key")) };
    const answer = await chat(harness.node.port, harness.secret, own);
    expect(answer.status).toBe(200);
    const id = String(answer.headers["x-request-id"]);
    await until("the event arrives", () => harness.plane.events.some((event) => event.id === id));
    const stages = harness.plane.events.find((event) => event.id === id)?.decision.stages;
    expect(stages?.[0]).toMatchObject({ stage: "tls", facts: { subject: "CN=caller" } });
    const without = chat(harness.node.port, harness.secret);
    if (clientCertificates === "required") await expect(without).rejects.toThrow();
    else expect((await without).status).toBe(200);
    const foreign = await (await TestAuthority.make()).certify("foreign");
    await expect(chat(harness.node.port, harness.secret, foreign)).rejects.toThrow();
    await harness.stop();
  });
});

describe("files that cannot be served with", () => {
  it("are said at the start, and no node starts", async () => {
    put("expired");
    await expect(TlsServing.load(options(), Date.now)).rejects.toThrow(/expired/);
    copyFileSync(file("first.crt"), file("served.crt"));
    await expect(TlsServing.load(options(), Date.now)).rejects.toThrow();
    await expect(TlsServing.load(options({ keyFile: file("nowhere") }), Date.now)).rejects.toThrow(/ENOENT/);
  });
});
