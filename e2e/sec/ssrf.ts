import type { LookupAddress } from "node:dns";
import { createServer } from "node:net";
import type { Verdict } from "#e2e/chaos/verdict.ts";
import { guardedLookup, type Resolve } from "#gateway/upstream/guarded-connector.ts";
import { HttpUpstreamClient } from "#gateway/upstream/http-client.ts";
import { classifyHost } from "#lib/policy/address.ts";

/** A listener that nothing may ever connect to. */
interface Canary {
  port: number;
  connections: number;
  close(): void;
}

function canary(host: string): Promise<Canary | null> {
  return new Promise((resolve) => {
    const found: Canary = { port: 0, connections: 0, close: () => server.close() };
    const server = createServer((socket) => {
      found.connections += 1;
      socket.destroy();
    });
    server.on("error", () => resolve(null));
    server.listen(0, host, () => {
      const address = server.address();
      found.port = typeof address === "object" && address !== null ? address.port : 0;
      resolve(found);
    });
  });
}

/** Ways to write an IPv4 address that some parser or other understands. */
function spellings(address: string): string[] {
  const parts = address.split(".").map(Number);
  const [a = 0, b = 0, c = 0, d = 0] = parts;
  const whole = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  const hex = (value: number): string => value.toString(16);
  const groups = `${hex((a << 8) | b)}:${hex((c << 8) | d)}`;
  return [
    address,
    String(whole),
    `0x${hex(whole)}`,
    `0${whole.toString(8)}`,
    parts.map((part) => `0x${hex(part)}`).join("."),
    parts.map((part) => `0${part.toString(8)}`).join("."),
    `${a}.${b}.${(c << 8) | d}`,
    `${a}.${(b << 16) | (c << 8) | d}`,
    `0x${hex(a)}.${(b << 16) | (c << 8) | d}`,
    `${address}.`,
    address.replaceAll(".", "。"),
    address.replaceAll(".", "．"),
    address.replaceAll("1", "①"),
    address.replaceAll(".", "%2e"),
    `[::ffff:${address}]`,
    `[::ffff:${groups}]`,
    `[::ffff:0:${address}]`,
    `[::${address}]`,
    `[::${groups}]`,
    `[64:ff9b::${address}]`,
    `[64:ff9b::${groups}]`,
    `[64:ff9b:1::${address}]`,
    `[2002:${groups}::]`,
    `[2002:${groups}::1]`,
    `[0:0:0:0:0:ffff:${groups}]`,
  ];
}

const PRIVATE = [
  "127.0.0.1",
  "127.0.0.2",
  "127.255.255.254",
  "10.0.0.1",
  "172.16.0.1",
  "172.31.255.254",
  "192.168.0.1",
  "100.64.0.1",
];
const FORBIDDEN = ["169.254.169.254", "0.0.0.0", "100.100.100.200", "192.0.0.192", "224.0.0.1", "255.255.255.255"];
const NAMES = [
  "localhost",
  "LOCALHOST",
  "localhost.",
  "a.localhost",
  "ⓛocalhost",
  "[::1]",
  "[::]",
  "[0000::1]",
  "[::1%25lo]",
  "[fe80::1]",
  "[fc00::1]",
  "[fd00:ec2::254]",
  "metadata",
  "metadata.google.internal",
  "metadata.google.internal.",
  "METADATA.google.internal",
  "instance-data",
  "kubernetes.default.svc.cluster.local",
  "db.internal",
  "printer.local",
];

/**
 * Addresses of this machine, its network and its cloud, in every spelling that parsers are known to accept, with user
 * names, ports and redirects: no connection may arrive, neither where the control plane would let the address be
 * written nor where the node would connect to it. Names that turn to another address between two questions included.
 */
export async function ssrf(): Promise<Verdict> {
  const canaries = (await Promise.all([canary("127.0.0.1"), canary("::1")])).filter((each) => each !== null);
  const client = new HttpUpstreamClient();
  const hosts = [...PRIVATE.flatMap(spellings), ...FORBIDDEN.flatMap(spellings), ...NAMES];
  const accepted: string[] = [];
  let connected = 0;
  let n = 0;
  for (const host of hosts) {
    for (const { port } of canaries) {
      for (const origin of [`http://${host}:${port}`, `http://api.openai.com@${host}:${port}`]) {
        n += 1;
        const url = parsed(origin);
        if (url === null) continue;
        if (classifyHost(url.hostname) === "public" && !isName(url.hostname)) accepted.push(origin);
        if ((await tryConnect(client, url)) === "answered") connected += 1;
      }
    }
  }
  const rebound = await rebind();
  const connections = canaries.reduce((sum, each) => sum + each.connections, 0);
  client.close();
  for (const each of canaries) each.close();
  const figures = {
    hosts: hosts.length,
    connections,
    acceptedByPolicy: accepted.length,
    rebindingWins: rebound,
    first: accepted[0] ?? "",
  };
  return { case: "ssrf", n, violations: connections + connected + accepted.length + rebound, figures };
}

function parsed(origin: string): URL | null {
  try {
    return new URL(origin);
  } catch {
    return null;
  }
}

/** A name that no literal is: only its resolution tells, and that is judged when a connection is made. */
function isName(hostname: string): boolean {
  return /[g-z]/i.test(hostname) && !hostname.startsWith("[");
}

function tryConnect(client: HttpUpstreamClient, url: URL): Promise<"answered" | "refused"> {
  const limits = { connectMs: 500, firstByteMs: 500, idleMs: 500, deadlineMs: performance.now() + 1_000 };
  const request = {
    origin: url.origin,
    allowPrivateNetwork: false,
    path: "/",
    headers: [],
    body: Buffer.alloc(0),
    ...limits,
  };
  return new Promise((resolve) => {
    const refused = (): void => resolve("refused");
    const answered = (): void => resolve("answered");
    client.send(request, { head: answered, data: () => {}, end: answered, error: refused });
  });
}

/** A resolver that answers well when it is asked first and badly after that, 100 times. Returns how often it won. */
async function rebind(): Promise<number> {
  let wins = 0;
  for (let round = 0; round < 100; round++) {
    let asked = 0;
    const turning: Resolve = (_name, _options, callback) => {
      const address = (asked++ + round) % 2 === 0 ? "8.8.8.8" : "127.0.0.1";
      callback(null, [{ address, family: 4 }]);
    };
    const lookup = guardedLookup(false, turning);
    for (let question = 0; question < 2; question++) {
      const found = await new Promise<string | LookupAddress[] | null>((resolve) =>
        lookup("rebinding.test", { all: true }, (error, addresses) => resolve(error === null ? addresses : null)),
      );
      if (Array.isArray(found) && found.some(({ address }) => address === "127.0.0.1")) wins += 1;
    }
  }
  return wins;
}
