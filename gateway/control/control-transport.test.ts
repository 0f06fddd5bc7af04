import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { until } from "#gateway/testing/fixtures.ts";
import { type ControlRequest, type ControlResponse, ControlTransport } from "./control-transport.ts";

let server: Server;
let transport: ControlTransport;
let answer: (response: ServerResponse, text: string) => void;
let connections = 0;
let closed = 0;

beforeEach(async () => {
  connections = 0;
  closed = 0;
  answer = (response, text) => response.end(text);
  server = createServer((request, response) => {
    let text = `${request.method} ${request.url} `;
    request.on("data", (chunk) => {
      text += String(chunk);
    });
    request.on("end", () => answer(response, text));
  });
  server.on("connection", (socket) => {
    connections += 1;
    socket.on("close", () => {
      closed += 1;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address: AddressInfo | string | null = server.address();
  transport = new ControlTransport(`http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/ignored`);
});
afterEach(async () => {
  transport.close();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
});

function send(more: Partial<ControlRequest> = {}): Promise<ControlResponse> {
  return transport.send({
    method: "POST",
    path: "/a?b=c",
    headers: {},
    body: Buffer.from("é"),
    silenceMsMax: 200,
    ...more,
  });
}

async function read(response: ControlResponse): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response.body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe("the way to the control plane", () => {
  it("sends what it is given, tells status and date, and keeps the connection", async () => {
    for (let time = 0; time < 3; time++) {
      const response = await send();
      expect([response.status, await read(response)]).toEqual([200, "POST /a?b=c é"]);
      expect(Date.parse(response.headers.date ?? "")).toBeGreaterThan(0);
    }
    expect(await read(await send({ method: "GET", body: null }))).toBe("GET /a?b=c ");
    expect(connections).toBe(1);
  });

  it("ends a body that falls silent, and not one whose reader is slow", async () => {
    answer = (response) => {
      response.write("one");
      setTimeout(() => response.write("two"), 20);
    };
    const { body } = await send();
    const read = async (): Promise<void> => {
      for await (const _ of body) await new Promise((resolve) => setTimeout(resolve, 300));
    };
    const beganMs = performance.now();
    await expect(read()).rejects.toThrow("fell silent");
    expect(performance.now() - beganMs).toBeGreaterThan(480);
  });

  it("closes what is given up, and fails with what breaks", async () => {
    answer = (response) => response.write("one");
    (await send()).discard();
    await until("the connection is closed", () => closed === 1);
    for await (const _ of (await send()).body) break;
    await until("the connection is closed", () => closed === 2);
    answer = (response) => {
      response.write("one", () => response.destroy());
    };
    await expect(send().then(read)).rejects.toThrow();
    answer = (response) => response.destroy();
    await expect(send()).rejects.toThrow();
  });

  it("stops when it is told to", async () => {
    answer = (response) => response.write("one");
    const stopping = new AbortController();
    const reading = send({ signal: stopping.signal, silenceMsMax: 10_000 }).then(read);
    setTimeout(() => stopping.abort(), 50);
    await expect(reading).rejects.toThrow();
    const { body } = await send({ silenceMsMax: 10_000 });
    setTimeout(() => transport.close(), 50);
    await expect(read({ status: 200, headers: {}, body, discard() {} })).rejects.toThrow();
  });
});
