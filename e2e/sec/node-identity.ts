import { createPrivateKey, randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import pg from "pg";
import type { Verdict } from "#e2e/chaos/verdict.ts";
import { chatAnswer, executeGateway, servingAfterMs } from "#e2e/support/light-plane/executed-gateway.ts";
import { joinToken, type OwnPlane } from "#e2e/support/light-plane/own-database.ts";
import { waitUntil } from "#e2e/support/wait-until.ts";
import { ControlClock } from "#gateway/control/clock.ts";
import { KnownIdentity, loadIdentity, type NodeIdentity, saveIdentity } from "#gateway/control/identity.ts";
import { JoinRefused, join } from "#gateway/control/join.ts";
import { KeyRotation } from "#gateway/control/key-rotation.ts";
import { SignedClient } from "#gateway/control/signed-client.ts";
import { reportOf, signedRequest } from "#lib/domain/node/node-fixtures.ts";
import { eventOf } from "#lib/domain/usage/usage-fixtures.ts";

const CUT_MS_MAX = 1_000;
const NODE_API = "/api/node/v1";

interface Tried {
  what: string;
  holds: boolean;
}

/** Tries to be a node one is not, to be one again, to be one too often, and to stay one; and to take the control plane's place. */
export async function nodeIdentity(plane: OwnPlane, rounds: number): Promise<Verdict> {
  const removal = await removed(plane);
  const tried = [
    ...(await joining(plane)),
    ...(await requests(plane)),
    ...(await others(plane)),
    ...(await changingKeys(plane, rounds)),
    ...removal.tried,
  ];
  const broken = tried.filter(({ holds }) => !holds);
  const figures = { cutMs: Math.round(removal.cutMs), broken: [...new Set(broken.map(({ what }) => what))].join("; ") };
  return { case: "node-identity", n: tried.length, violations: broken.length, figures };
}

async function joining(plane: OwnPlane): Promise<Tried[]> {
  const token = await joinToken(plane);
  await joined(plane, token);
  const twice = await refuses(() => joined(plane, token));
  const group = await plane.api.must("POST", "/join-tokens", { usesMax: 2, ttlSeconds: 3_600 });
  const three = await Promise.allSettled([1, 2, 3].map(() => joined(plane, group.secret)));
  const taken = three.filter(({ status }) => status === "fulfilled").length;
  const other = await plane.api.must("POST", "/join-tokens", { usesMax: 2, ttlSeconds: 3_600 });
  await plane.api.must("DELETE", `/join-tokens/${other.id}`);
  const long = await plane.api.call("POST", "/join-tokens", { ttlSeconds: 601 });
  return [
    { what: "a token for one takes one", holds: twice },
    { what: "a token for two takes two", holds: taken === 2 },
    { what: "a token that was taken back takes none", holds: await refuses(() => joined(plane, other.secret)) },
    { what: "a token for one lasts ten minutes at most", holds: long.status === 422 },
    { what: "a control plane with another key is refused", holds: await impostorRefused(await joinToken(plane)) },
  ];
}

/** Whether a node turns away from somebody who answers its join with a key of his own. */
async function impostorRefused(token: string): Promise<boolean> {
  const controlKey = { kty: "OKP", crv: "Ed25519", x: Buffer.alloc(32, 7).toString("base64url") };
  const server = createServer((_request, response) => {
    const answer = { nodeId: "node_x", name: "n", group: "default", controlKey, epoch: 1 };
    response.writeHead(201, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const options = { controlUrl: `http://127.0.0.1:${port}`, joinToken: token, name: "n", version: "0.1.0" };
  const refused = await refuses(() => join(options));
  server.closeAllConnections();
  server.close();
  return refused;
}

async function requests(plane: OwnPlane): Promise<Tried[]> {
  const node = keyed(await joined(plane));
  const usage = { incarnation: "spl_own", events: [eventOf(1, { startedAt: new Date().toISOString() })] };
  const bodies: [string, unknown][] = [
    ["/report", reportOf()],
    ["/usage", usage],
  ];
  const tried: Tried[] = [];
  for (const [target, value] of bodies) {
    const body = Buffer.from(JSON.stringify(value));
    const request = await signedRequest(node, NODE_API + target, body);
    const first = await send(plane, request);
    const again = await send(plane, request);
    const moved = await send(plane, await signedRequest(node, `${NODE_API}/key`, body), NODE_API + target);
    const unsigned = await send(plane, { ...request, authorization: null });
    const old = await send(plane, await signedRequest(node, NODE_API + target, body, { atMs: Date.now() - 600_000 }));
    const long = { exp: Math.floor(Date.now() / 1_000) + 86_400 };
    const lasting = await send(plane, await signedRequest(node, NODE_API + target, body, long));
    tried.push(
      { what: `${target} is taken`, holds: first.status === 200 },
      { what: `${target} is not taken twice`, holds: again.code === "request_replayed" },
      { what: `${target} is not taken for another`, holds: moved.status === 401 },
      { what: `${target} is not taken unsigned`, holds: unsigned.status === 401 },
      { what: `${target} is not taken from ten minutes ago`, holds: old.code === "clock_skew" },
      { what: `${target} is not taken with a day to live`, holds: lasting.code === "clock_skew" },
    );
  }
  return tried;
}

async function others(plane: OwnPlane): Promise<Tried[]> {
  const [one, two] = [keyed(await joined(plane)), keyed(await joined(plane))];
  const body = Buffer.from(JSON.stringify(reportOf()));
  const asOther = { nodeId: two.nodeId, signingKey: one.signingKey };
  const tried: Tried[] = [];
  for (const target of ["/report", "/usage", "/key"]) {
    const stolen = await send(plane, await signedRequest(asOther, NODE_API + target, body));
    tried.push({ what: `${target} as another node`, holds: stolen.status === 401 });
  }
  const event = eventOf(1, { startedAt: new Date().toISOString() });
  const spool = { incarnation: "spl_of_two", events: [event] };
  await send(plane, await signedRequest(two, `${NODE_API}/usage`, Buffer.from(JSON.stringify(spool))));
  const more = { ...spool, events: [{ ...eventOf(9, { startedAt: new Date().toISOString() }), id: event.id }] };
  await send(plane, await signedRequest(one, `${NODE_API}/usage`, Buffer.from(JSON.stringify(more))));
  const spools = await rowsOf(
    plane,
    "SELECT node_id, through_sequence FROM usage_spool WHERE incarnation = 'spl_of_two'",
  );
  const ofTwo = spools.find((row) => row.node_id === two.nodeId);
  const foreign = await signedRequest(one, `${NODE_API}/stream?group=other`, Buffer.alloc(0), { htm: "GET" });
  const response = await fetch(plane.url + foreign.target, { headers: { authorization: foreign.authorization ?? "" } });
  return [
    ...tried,
    { what: "another node's spool stays as it is", holds: Number(ofTwo?.through_sequence) === 1 },
    { what: "a group that is asked for is refused", holds: response.status === 422 },
  ];
}

/** The process dies at every step of a change of keys: whatever is on disk then is taken. */
async function changingKeys(plane: OwnPlane, rounds: number): Promise<Tried[]> {
  const directory = path.join(plane.homeDir, "changing");
  await saveIdentity(directory, await joined(plane));
  const tried: Tried[] = [];
  for (let round = 0; round < rounds; round++) {
    await dieWhileChanging(directory, round % 4);
    const found = await loadIdentity(directory);
    tried.push({ what: `dead at step ${round % 4}, it still speaks`, holds: found !== null && (await speaks(found)) });
  }
  return tried;
}

class Died extends Error {}

/** 0: before the next key is on disk; 1: before it is sent; 2: once it was taken; 3: after the change, before it is used. */
async function dieWhileChanging(directory: string, step: number): Promise<void> {
  const identity = await loadIdentity(directory);
  if (identity === null) throw new Error("The identity is gone");
  const known = new KnownIdentity(directory, identity);
  const replace = known.replace.bind(known);
  known.replace = async (next) => {
    if (step === 0 || (step === 2 && next.nextSigningKey === undefined)) throw new Died();
    await replace(next);
  };
  const client = new SignedClient(known, new ControlClock(Date.now), () => undefined);
  const post = async (target: string, body: Buffer): Promise<unknown> => {
    if (step === 1) throw new Died();
    return await client.post(target, body);
  };
  const forever = Number.MAX_SAFE_INTEGER;
  const nothing = (): void => undefined;
  const options = {
    identity: known,
    post,
    everyMs: forever,
    random: Math.random,
    onChanged: nothing,
    onProblem: nothing,
  };
  await new KeyRotation(options).rotate().catch((error: unknown) => {
    if (!(error instanceof Died)) throw error;
  });
  client.close();
}

async function speaks(identity: NodeIdentity): Promise<boolean> {
  const client = new SignedClient({ current: identity }, new ControlClock(Date.now), () => undefined);
  try {
    await client.post(`${NODE_API}/report`, Buffer.from(JSON.stringify(reportOf())));
    return true;
  } catch {
    return false;
  } finally {
    client.close();
  }
}

/** A real node is removed while it serves: how long until it takes no call, and whether anything of it is left. */
async function removed(plane: OwnPlane): Promise<{ tried: Tried[]; cutMs: number }> {
  const directory = path.join(plane.homeDir, "removed");
  const token = await plane.api.must("POST", "/join-tokens", { usesMax: 5, ttlSeconds: 3_600 });
  const env = {
    TURNPIKE_CONTROL_URL: plane.url,
    TURNPIKE_NODE_DIR: directory,
    TURNPIKE_NODE_NAME: "doomed",
    TURNPIKE_JOIN_TOKEN: token.secret,
  };
  const node = await executeGateway(env);
  try {
    await servingAfterMs(node, plane.apiKey, 60_000);
    const identity = await loadIdentity(directory);
    if (identity === null) throw new Error("The node has no identity");
    const startedMs = performance.now();
    await plane.api.must("DELETE", `/nodes/${identity.nodeId}`);
    const refusing = async () => ((await chatAnswer(node, plane.apiKey)).status === 200 ? undefined : true);
    await waitUntil("the node to refuse", 20_000, refusing, 5);
    const cutMs = performance.now() - startedMs;
    const [code] = node.child.exitCode === null ? await once(node.child, "exit") : [node.child.exitCode];
    const again = await executeGateway(env);
    const [back] = again.child.exitCode === null ? await once(again.child, "exit") : [again.child.exitCode];
    const left = ["revision", "credentials", "directory", "identity.json"].filter((name) =>
      existsSync(path.join(directory, name)),
    );
    const tried = [
      { what: "a removed node takes no call after a second", holds: cutMs <= CUT_MS_MAX },
      { what: "it ends in order", holds: code === 0 },
      { what: "nothing that it knew is left", holds: left.length === 0 },
      { what: "it does not join again by itself", holds: back !== 0 },
      { what: "its key is worth nothing", holds: !(await speaks(identity)) },
    ];
    return { tried, cutMs };
  } finally {
    await node.kill();
  }
}

async function joined(plane: OwnPlane, token?: string): Promise<NodeIdentity> {
  const own = token ?? (await joinToken(plane));
  return await join({ controlUrl: plane.url, joinToken: own, name: `node ${randomUUID()}`, version: "0.1.0" });
}

async function refuses(work: () => Promise<unknown>): Promise<boolean> {
  return await work().then(
    () => false,
    (error) => error instanceof JoinRefused,
  );
}

function keyed({ nodeId, signingKey }: NodeIdentity) {
  return { nodeId, signingKey: createPrivateKey({ key: { ...signingKey }, format: "jwk" }) };
}

async function send(
  plane: OwnPlane,
  { authorization, target, body }: { authorization: string | null; target: string; body: Buffer },
  to = target,
): Promise<{ status: number; code: string }> {
  const headers = { "content-type": "application/json", ...(authorization === null ? {} : { authorization }) };
  const response = await fetch(plane.url + to, { method: "POST", headers, body: new Uint8Array(body) });
  const answer: { code?: string } | null = await response.json().catch(() => null);
  return { status: response.status, code: answer?.code ?? "" };
}

async function rowsOf(plane: OwnPlane, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: plane.databaseUrl });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}
