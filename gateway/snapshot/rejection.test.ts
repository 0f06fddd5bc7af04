import { generateKeyPairSync } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { join } from "#gateway/control/join.ts";
import type { GatewayNode } from "#gateway/node.ts";
import { TestControlPlane } from "#gateway/testing/control-plane.ts";
import {
  addConsumer,
  plan,
  policy,
  route,
  startNode,
  target,
  temporaryDirectory,
  until,
  upstream,
  version,
} from "#gateway/testing/fixtures.ts";
import { TestUpstream } from "#gateway/testing/upstream.ts";

let plane: TestControlPlane;
let model: TestUpstream;
let home: Awaited<ReturnType<typeof temporaryDirectory>>;
let node: GatewayNode;
let secret: string;

function good(routeName: string) {
  return policy([upstream("ups_1", model.url)], [route(routeName, [version([target("ups_1")])])]);
}

async function call(routeName: string): Promise<{ status: number; revision: string | null }> {
  const answer = await fetch(`http://127.0.0.1:${node.port}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
    body: JSON.stringify({ model: routeName, messages: [] }),
  });
  await answer.text();
  return { status: answer.status, revision: answer.headers.get("x-turnpike-revision") };
}

const lastReport = () => plane.reports.at(-1);
const applied = (number: number) =>
  until(`revision ${number} is applied`, () => lastReport()?.appliedRevision === number);
const rejected = (number: number) =>
  until(`revision ${number} is rejected`, () => lastReport()?.rejected?.revision === number);

beforeEach(async () => {
  plane = await TestControlPlane.start();
  model = await TestUpstream.start();
  home = await temporaryDirectory();
  node = await startNode(plane, home.path);
  secret = addConsumer(plane, "con_1");
  plane.publishDocument(6, good("six"));
  await applied(6);
  await until("the directory has come", () => node.notReadyReason() === null);
});

afterEach(async () => {
  await node.stop(100);
  await plane.stop();
  await model.stop();
  await home.remove();
});

describe("a node and a bad revision", () => {
  it("rejects revision 7, keeps serving 6, is not offered 7 again, takes 8", async () => {
    expect(await call("six")).toEqual({ status: 200, revision: "6" });

    const seven = good("seven");
    plane.publish(plane.signed(7, { ...seven, plans: [{ ...seven.plans[0], surprise: true }] }));
    await rejected(7);
    expect(lastReport()?.rejected).toMatchObject({ revision: 7, code: "invalid_document", path: "/plans/0" });
    expect(lastReport()?.appliedRevision).toBe(6);
    expect(await call("six")).toEqual({ status: 200, revision: "6" });
    expect((await call("seven")).status).toBe(404);

    plane.cutStream();
    await until("the node is connected again", () => plane.connections === 2);
    expect(plane.offered).toEqual([6, 7]);
    expect(await call("six")).toEqual({ status: 200, revision: "6" });

    plane.publishDocument(8, good("eight"));
    await applied(8);
    expect(lastReport()?.rejected).toBeNull();
    expect(await call("eight")).toEqual({ status: 200, revision: "8" });
    expect(plane.offered).toEqual([6, 7, 8]);
  });

  it.each<[string, () => void]>([
    ["bad_signature", () => plane.publish(plane.signed(7, good("x"), generateKeyPairSync("ed25519").privateKey))],
    ["hash_mismatch", () => plane.publish({ ...plane.signed(7, good("x")), document: "{}" })],
    [
      "bad_signature",
      () =>
        plane.publish({ ...plane.signed(6, good("x")), header: { ...plane.signed(7, good("x")).header, number: 7 } }),
    ],
    [
      "unknown_route",
      () => plane.publish(plane.signed(7, { ...good("x"), plans: [plan("p", { routes: ["nowhere"] })] })),
    ],
    ["not_runnable", () => plane.publish(plane.signed(7, policy([upstream("u", "http://169.254.169.254/v1")], [])))],
    [
      "not_runnable",
      () =>
        plane.publish(
          plane.signed(7, policy([upstream("u", "http://127.0.0.1/v1", { allowPrivateNetwork: false })], [])),
        ),
    ],
    [
      "not_runnable",
      () =>
        plane.publish(plane.signed(7, policy([upstream("u", "http://1.1.1.1/v1", { provider: "unheard_of" })], []))),
    ],
    [
      "invalid_message",
      () => plane.sendRaw({ kind: "revision", revision: { ...plane.signed(7, good("x")), extra: 1 } }),
    ],
  ])("says %s and keeps the last good one", async (code, publish) => {
    publish();
    await rejected(7);
    expect(lastReport()?.rejected?.code).toBe(code);
    expect(await call("six")).toEqual({ status: 200, revision: "6" });
  });

  it("does not go back to an older number", async () => {
    plane.publish(plane.signed(5, good("five")));
    await rejected(5);
    expect(lastReport()?.rejected?.code).toBe("stale_revision");
    expect(await call("six")).toEqual({ status: 200, revision: "6" });
  });

  it("takes a lower number once the control plane was restored and its epoch rose", async () => {
    plane.epoch = 2;
    plane.publish(plane.signed(2, good("two")));
    await applied(2);
    expect(await call("two")).toEqual({ status: 200, revision: "2" });
  });
});

describe("joining", () => {
  it("refuses a control plane whose key is not the one that the token names", async () => {
    const other = await TestControlPlane.start();
    const options = { controlUrl: other.url, joinToken: plane.joinToken, name: "n", version: "0" };
    await expect(join(options)).rejects.toThrow("not the one the join token came from");
    await other.stop();
  });

  it("is refused for good with a token that was used", async () => {
    const options = { controlUrl: plane.url, joinToken: plane.joinToken, name: "n", version: "0" };
    await expect(join(options)).rejects.toThrow("refused the join token");
  });
});
