import type { LookupAddress } from "node:dns";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TestUpstream } from "#gateway/testing/upstream.ts";
import { guardedLookup, type Resolve } from "./guarded-connector.ts";
import { HttpUpstreamClient } from "./http-client.ts";
import type { UpstreamFailure } from "./sink.ts";

const answering =
  (...addresses: string[]): Resolve =>
  (_, __, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );

function look(resolve: Resolve, isPrivateAllowed: boolean, all: boolean): Promise<string | LookupAddress[] | Error> {
  return new Promise((done) => {
    guardedLookup(isPrivateAllowed, resolve)("model.test", { all }, (error, found) => done(error ?? found));
  });
}

describe("guardedLookup", () => {
  it("hands on only addresses that were checked", async () => {
    expect(await look(answering("10.0.0.1", "8.8.8.8"), false, false)).toBe("8.8.8.8");
    expect(await look(answering("10.0.0.1", "8.8.8.8"), true, true)).toHaveLength(2);
    expect(await look(answering("169.254.169.254", "::ffff:a9fe:a9fe"), true, true)).toBeInstanceOf(Error);
    expect(await look(answering("127.0.0.1"), false, true)).toBeInstanceOf(Error);
    expect(await look(answering(), true, true)).toBeInstanceOf(Error);
  });

  it("is asked anew for each connection, so that a name which turns to a forbidden address is refused then", async () => {
    const turns = ["8.8.8.8", "169.254.169.254"];
    const turning: Resolve = (host, options, callback) => answering(turns.shift() ?? "")(host, options, callback);
    expect(await look(turning, false, false)).toBe("8.8.8.8");
    expect(await look(turning, false, false)).toBeInstanceOf(Error);
  });
});

describe("the upstream client", () => {
  let upstream: TestUpstream;
  const client = new HttpUpstreamClient();
  beforeAll(async () => {
    upstream = await TestUpstream.start();
  });
  afterAll(async () => {
    client.close();
    await upstream.stop();
  });

  function send(origin: string, allowPrivateNetwork: boolean): Promise<number | UpstreamFailure> {
    const limits = { connectMs: 2_000, firstByteMs: 2_000, idleMs: 2_000, deadlineMs: performance.now() + 5_000 };
    return new Promise((resolve) => {
      let status = 0;
      const sink = {
        head: (code: number) => {
          status = code;
        },
        data: () => {},
        end: () => resolve(status),
        error: resolve,
      };
      client.send(
        { origin, allowPrivateNetwork, path: "/v1/x", headers: [], body: Buffer.from("{}"), ...limits },
        sink,
      );
    });
  }

  it("connects to a private address only where the upstream may have one", async () => {
    const { origin, port } = new URL(upstream.url);
    expect(await send(origin, true)).toBe(200);
    const before = upstream.received.length;
    expect(await send(origin, false)).toBe("address_not_allowed");
    expect(await send(`http://localhost:${port}`, false)).toBe("address_not_allowed");
    expect(await send(`http://[::ffff:127.0.0.1]:${port}`, false)).toBe("address_not_allowed");
    expect(upstream.received.length).toBe(before);
    expect(await send("http://169.254.169.254", true)).toBe("address_not_allowed");
    expect(await send("http://0.0.0.0", true)).toBe("address_not_allowed");
  });

  it("does not follow a redirect", async () => {
    upstream.answer = (response) => {
      response.writeHead(307, { location: `${upstream.url}/elsewhere` }).end();
    };
    const before = upstream.received.length;
    expect(await send(new URL(upstream.url).origin, true)).toBe(307);
    expect(upstream.received.length).toBe(before + 1);
  });
});
