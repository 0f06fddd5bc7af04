import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { quantile, rounded, type Verdict } from "#e2e/chaos/verdict.ts";
import { Harness } from "#gateway/testing/harness.ts";
import { streamEvent } from "#gateway/testing/upstream.ts";

/** What the gateway allows for a request's head, and a little for the machine. */
const REAPED_MS_MAX = 15_000;
const BODY_BYTES_MAX = 32 * 1_024 * 1_024;
/** What a call with a slow reader may hold here, its scripted upstream's share included, which is in this process too. */
const HELD_BYTES_MAX = 1_024 * 1_024;
const DEPTH = 100_000;
const HEALTHY_CALLS = 60;
/** A single slow answer on a busy machine is noise: below this the ratio means nothing. */
const NOISE_MS = 50;

interface Check {
  readonly what: string;
  readonly isBroken: boolean;
}

/**
 * Slow heads, slow bodies and slow readers at once, while healthy calls go on; then bodies that are too long, too deep
 * or compressed. The healthy must not notice, the slow must be gone in time, and nothing may be kept for them.
 */
export async function dos(n: number): Promise<Verdict> {
  const harness = await Harness.start();
  const before = await healthy(harness);
  const slow = openSlow(harness, n);
  await sleep(500);
  const during = await healthy(harness);
  const reapedMs = await waitForEnd(slow.heads);
  for (const socket of slow.all) socket.destroy();
  const [p99Before, p99During] = [quantile(before.latencies, 0.99), quantile(during.latencies, 0.99)];
  const checks: Check[] = [
    { what: "a healthy call failed", isBroken: before.failed + during.failed > 0 },
    { what: "healthy calls took twice as long", isBroken: p99During > Math.max(2 * p99Before, NOISE_MS) },
    { what: "a slow head was not ended", isBroken: reapedMs > REAPED_MS_MAX },
    ...(await hostileBodies(harness)),
    await slowReader(harness),
  ];
  await harness.stop();
  const broken = checks.filter((check) => check.isBroken);
  const figures = {
    slowConnections: slow.all.length,
    p99BeforeMs: rounded(p99Before),
    p99DuringMs: rounded(p99During),
    slowestHeadEndedMs: rounded(reapedMs),
    first: broken[0]?.what ?? "",
  };
  return { case: "dos", n, violations: broken.length, figures };
}

async function healthy(harness: Harness): Promise<{ latencies: number[]; failed: number }> {
  const latencies: number[] = [];
  let failed = 0;
  for (let call = 0; call < HEALTHY_CALLS; call++) {
    const startedMs = performance.now();
    const { status } = await harness.chat("smart");
    latencies.push(performance.now() - startedMs);
    if (status !== 200) failed += 1;
  }
  return { latencies, failed };
}

/** A third never ends its head, a third never its body, and a third never reads. */
function openSlow(harness: Harness, n: number): { heads: Socket[]; all: Socket[] } {
  const head = (more: string): string =>
    `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nx-api-key: ${harness.secret}\r\n${more}`;
  const whole = '{"model":"smart","stream":true}';
  const open = (text: string): Socket => {
    const socket = connect(harness.node.port, "127.0.0.1", () => socket.write(text));
    socket.on("error", () => {});
    return socket;
  };
  const third = Math.ceil(n / 3);
  const heads = Array.from({ length: third }, () => open(head("x-slow: y")));
  for (const socket of heads) socket.resume();
  const bodies = Array.from({ length: third }, () => open(head("content-length: 1000\r\n\r\n{")));
  const readers = Array.from({ length: third }, () => {
    const socket = open(head(`content-length: ${whole.length}\r\n\r\n${whole}`));
    socket.pause();
    return socket;
  });
  return { heads, all: [...heads, ...bodies, ...readers] };
}

async function waitForEnd(sockets: readonly Socket[]): Promise<number> {
  const startedMs = performance.now();
  while (sockets.some((socket) => !socket.destroyed && !socket.readableEnded)) {
    if (performance.now() - startedMs > REAPED_MS_MAX + 5_000) break;
    await sleep(50);
  }
  return performance.now() - startedMs;
}

async function hostileBodies(harness: Harness): Promise<Check[]> {
  const auth = { authorization: `Bearer ${harness.secret}` };
  const long = await harness
    .send("/v1/chat/completions", Buffer.alloc(BODY_BYTES_MAX + 1, 0x20), auth)
    .catch(() => null);
  const deep = `{"model":"smart","x":${"[".repeat(DEPTH)}${"]".repeat(DEPTH)}}`;
  const flat = `{"model":"smart","x":"${"y".repeat(2 * DEPTH)}"}`;
  const flatMs = (await timed(() => harness.send("/v1/chat/completions", flat, auth))).ms;
  const { ms: deepMs, result: deepAnswer } = await timed(() => harness.send("/v1/chat/completions", deep, auth));
  const packed = await harness.send("/v1/chat/completions", "x", { ...auth, "content-encoding": "gzip" });
  return [
    // Told off while still sending, a client may see its connection end before the answer.
    { what: `a body that is too long got ${long?.status}`, isBroken: long !== null && long.status !== 413 },
    { what: `deep JSON got ${deepAnswer.status}`, isBroken: deepAnswer.status !== 400 },
    { what: `deep JSON took ${deepMs} ms, flat ${flatMs} ms`, isBroken: deepMs > flatMs + NOISE_MS },
    { what: `a compressed body got ${packed.status}`, isBroken: packed.status < 400 || packed.status >= 500 },
    {
      what: "a hostile body reached the upstream",
      isBroken: harness.first.received.some(({ body }) => body.length > BODY_BYTES_MAX || body.includes("[[[")),
    },
  ];
}

async function timed<T>(act: () => Promise<T>): Promise<{ ms: number; result: T }> {
  const startedMs = performance.now();
  const result = await act();
  return { ms: performance.now() - startedMs, result };
}

/** Bytes in buffers that somebody still holds: what only waits for a collection is nobody's. */
function heldBytes(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return process.memoryUsage().arrayBuffers;
}

/** A caller that reads nothing while its upstream sends without end: the upstream must be held back soon. */
async function slowReader(harness: Harness): Promise<Check> {
  let sent = 0;
  let isHeldBack = false;
  harness.first.answer = (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const event = Buffer.from(streamEvent("x".repeat(4_000)));
    const more = (): void => {
      while (!response.destroyed && response.write(event)) sent += event.length;
      sent += event.length;
      isHeldBack = true;
    };
    response.on("drain", more);
    more();
  };
  const body = '{"model":"smart","stream":true}';
  const socket = connect(harness.node.port, "127.0.0.1", () => {
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nx-api-key: ${harness.secret}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
  });
  socket.on("error", () => {});
  socket.pause();
  const heldBefore = heldBytes();
  await sleep(2_000);
  const settled = sent;
  await sleep(1_000);
  const grown = heldBytes() - heldBefore;
  socket.destroy();
  // What the kernel holds for two sockets on loopback is not the gateway's; what this process holds is.
  const isBroken = !isHeldBack || sent > settled || grown > HELD_BYTES_MAX;
  return { what: `a slow reader was sent ${sent} bytes, and ${grown} were kept`, isBroken };
}
