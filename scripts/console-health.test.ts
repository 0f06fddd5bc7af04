import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { answersHealth, createDatabaseProbe } from "./console-health.ts";

let server: Server | undefined;
afterEach(() => server?.close());

/** Guarantee: a server that listens on a TCP port has such an address. */
function addressOf(listening: Server): AddressInfo {
  return listening.address() as AddressInfo;
}

async function ask(path: string, reaches: boolean, method = "GET"): Promise<[number, string]> {
  server = createServer((request, response) => {
    if (!answersHealth(request, response, async () => reaches)) response.writeHead(404).end("the console's");
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const { port } = addressOf(server);
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method });
  const answer: [number, string] = [response.status, await response.text()];
  server.close();
  return answer;
}

it("is alive whatever the database does, ready when it answers, and leaves every other address alone", async () => {
  expect(await ask("/healthz", false)).toEqual([200, "ok\n"]);
  expect(await ask("/readyz?from=probe", true)).toEqual([200, "ready\n"]);
  expect(await ask("/readyz", false)).toEqual([503, "the database does not answer\n"]);
  expect(await ask("/readyz", true, "POST")).toEqual([405, "method not allowed\n"]);
  expect(await ask("/healthz/more", true)).toEqual([404, "the console's"]);
});

it("does not reach a database that nobody serves", async () => {
  expect(await createDatabaseProbe("postgresql://nobody@127.0.0.1:1/none")()).toBe(false);
});
