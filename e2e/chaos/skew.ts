import path from "node:path";
import { executeGateway, servingAfterMs } from "#e2e/support/light-plane/executed-gateway.ts";
import { joinToken, type OwnPlane } from "#e2e/support/light-plane/own-database.ts";
import { ControlClock } from "#gateway/control/clock.ts";
import type { NodeIdentity } from "#gateway/control/identity.ts";
import { JoinRefused, join } from "#gateway/control/join.ts";
import { ControlAnswer, SignedClient } from "#gateway/control/signed-client.ts";
import { until } from "#gateway/testing/fixtures.ts";
import { Harness } from "#gateway/testing/harness.ts";
import type { Verdict } from "./verdict.ts";

interface Check {
  what: string;
  holds: boolean;
}

/**
 * Nodes and control planes of neighbouring releases. There is no earlier release, so its shape stands in for it: a node
 * that declares the release before and sends nothing optional, one that declares the release after and sends fields nobody
 * knows, and, the other way round, a node before a control plane that leaves out what is optional and one that sends more
 * than the node knows. Each works, or is refused or passed over with a code that is shown.
 */
export async function skew(plane: OwnPlane): Promise<Verdict> {
  const checks = [...(await nodesBefore(plane)), ...(await planesBefore())];
  const broken = checks.filter(({ holds }) => !holds);
  const figures = { held: checks.length - broken.length, broken: broken.map(({ what }) => what).join("; ") };
  return { case: "skew", n: checks.length, violations: broken.length, figures };
}

/** Nodes of other releases before the present control plane. */
async function nodesBefore(plane: OwnPlane): Promise<Check[]> {
  const older = await joinAs(plane, "0.0.9");
  const newer = await joinAs(plane, "0.2.0");
  const report = { ...plainReport("0.0.9") };
  const olderSays = await post(older, report);
  const newerSays = await post(newer, { ...plainReport("0.2.0"), unheardOf: { of: 1 } });
  const tooNewSays = await post(newer, plainReport("0.3.0"));
  const sameWithUnknown = await post(older, { ...plainReport("0.1.0"), unheardOf: 1 });
  const streamed = await stream(older, "0.0.9");
  const token = await joinToken(plane);
  const refused = await joinAs(plane, "0.3.0", token).then(
    () => false,
    (error) => error instanceof JoinRefused,
  );
  const { nodeId } = await joinAs(plane, "0.1.0", token);
  const warnings = async (id: string): Promise<string[]> =>
    (await plane.api.must("GET", `/nodes/${id}`)).warnings.map(({ code }: { code: string }) => code);
  const real = await executeGateway({
    TURNPIKE_CONTROL_URL: plane.url,
    TURNPIKE_NODE_DIR: path.join(plane.homeDir, "present"),
    TURNPIKE_JOIN_TOKEN: await joinToken(plane),
  });
  const serves = await servingAfterMs(real, plane.apiKey, 60_000).then(
    () => true,
    () => false,
  );
  await real.kill();
  return [
    { what: "a node of the release before reports", holds: olderSays === "taken" },
    { what: "a node of the release before streams", holds: streamed === "streams" },
    { what: "a node of the release after reports, without what is not known", holds: newerSays === "taken" },
    { what: "a node two releases on is refused by code", holds: tooNewSays === "version_not_supported" },
    { what: "its stream is, too", holds: (await stream(newer, "0.3.0")) === "version_not_supported" },
    { what: "and shown", holds: (await warnings(newer.nodeId)).includes("version_not_supported") },
    { what: "unknown fields of the same release are refused", holds: sameWithUnknown === "invalid_request" },
    { what: "joining from two releases on is refused", holds: refused },
    { what: "without using the token up", holds: nodeId !== "" },
    { what: "a node of the present release serves", holds: serves },
  ];
}

/** The present node before control planes of other releases. */
async function planesBefore(): Promise<Check[]> {
  const harness = await Harness.start({ reportEveryMs: 100 });
  try {
    const serves = async () => (await harness.chat("smart")).status === 200;
    harness.plane.saysOnlyWhatItMust = true;
    const reports = harness.plane.reports.length;
    await until("reports are taken", () => harness.plane.reports.length > reports + 1);
    const beforeOlder = await serves();
    harness.plane.saysOnlyWhatItMust = false;
    const document = { ...harness.document(), quantumRoutes: [] };
    harness.plane.publish(harness.plane.signed(2, document));
    await until("it is rejected", () => harness.plane.reports.at(-1)?.rejected?.revision === 2);
    const rejected = harness.plane.reports.at(-1)?.rejected;
    const keptServing = await serves();
    harness.plane.sendRaw({ kind: "teleport", to: "mars" });
    await until("it is reported", () => harness.plane.reports.at(-1)?.streamProblem !== undefined);
    const problem = harness.plane.reports.at(-1)?.streamProblem;
    return [
      { what: "a node serves before a control plane that leaves out what is optional", holds: beforeOlder },
      { what: "a revision with an unknown field is rejected by code", holds: rejected?.code === "invalid_document" },
      { what: "and the one before serves on", holds: keptServing },
      { what: "an unknown message is reported by code", holds: problem?.code === "invalid_message" },
      { what: "and calls go on", holds: await serves() },
    ];
  } finally {
    await harness.stop();
  }
}

async function joinAs(plane: OwnPlane, version: string, token?: string): Promise<NodeIdentity> {
  const own = token ?? (await joinToken(plane));
  return await join({ controlUrl: plane.url, joinToken: own, name: `release ${version}`, version });
}

function plainReport(version: string): Record<string, unknown> {
  const utilisation = { cpu: 0, rssBytes: 1, eventLoopDelayMs: 0, inFlight: 0, callsPerSecond: 0, spoolEvents: 0 };
  const counters = { epoch: 0, appliedRevision: 0, directoryCursor: 0, credentialVersion: 0 };
  return { version, state: "serving", rejected: null, nodeTime: new Date().toISOString(), utilisation, ...counters };
}

function clientOf(identity: NodeIdentity): SignedClient {
  return new SignedClient({ current: identity }, new ControlClock(Date.now), () => undefined);
}

/** "taken", or the code of the refusal. */
async function post(identity: NodeIdentity, report: Record<string, unknown>): Promise<string> {
  const client = clientOf(identity);
  try {
    await client.post("/api/node/v1/report", Buffer.from(JSON.stringify(report)));
    return "taken";
  } catch (error) {
    return error instanceof ControlAnswer ? error.code : String(error);
  } finally {
    client.close();
  }
}

/** "streams" once the first message has come, or the code of the refusal. */
async function stream(identity: NodeIdentity, version: string): Promise<string> {
  const client = clientOf(identity);
  const stop = new AbortController();
  const target = `/api/node/v1/stream?epoch=0&revision=0&directory=0&credentials=0&version=${version}`;
  try {
    const { body } = await client.openStream(target, { silenceMsMax: 5_000, signal: stop.signal });
    for await (const _chunk of body) break;
    return "streams";
  } catch (error) {
    return error instanceof ControlAnswer ? error.code : String(error);
  } finally {
    stop.abort();
    client.close();
  }
}
