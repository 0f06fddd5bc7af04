import { generateKeyPairSync } from "node:crypto";
import { newSigningKey } from "#lib/crypto/signing.ts";
import { issueApiKey, revokeApiKey } from "#lib/domain/api-key/index.ts";
import { createConsumer, updateConsumer } from "#lib/domain/consumer/index.ts";
import { newId } from "#lib/domain/new-id.ts";
import { createTeam } from "#lib/domain/team/index.ts";
import { createUser } from "#lib/domain/user/index.ts";
import { emailOf, MEMBERS, NODES, PERSONAS, type Persona, SUSPENDED, TEAMS } from "./cast.ts";
import { DAY_MS, HOUR_MS } from "./rhythm.ts";
import type { Stage } from "./stage.ts";

const MINUTE_MS = 60_000;

/** The people who work for the whole organisation. They act in what follows, so they come first. */
export async function makeStaff(stage: Stage): Promise<void> {
  for (const { name, role, teams } of MEMBERS)
    if (teams.length === 0) await createUser(stage.system, { name, role, email: emailOf(name) });
}

/** Teams, their developers, consumers and keys. */
export async function makeDirectory(stage: Stage): Promise<void> {
  const teamIds = new Map<string, string>();
  for (const name of TEAMS) teamIds.set(name, (await createTeam(stage.as("Jonas Weber", 88), { name })).id);
  const idsOf = (names: readonly string[]) => names.flatMap((name) => teamIds.get(name) ?? []);
  for (const { name, role, teams } of MEMBERS)
    if (teams.length > 0)
      await createUser(stage.as("Priya Nair", 87), { name, role, email: emailOf(name), teamIds: idsOf(teams) });
  const plans = new Map((await stage.tx.plan.findMany()).map((plan) => [plan.name, plan.id]));
  for (const persona of PERSONAS) {
    const [teamId = ""] = idsOf([persona.team]);
    await makeConsumer(stage, persona, { teamId, planId: plans.get(persona.plan) ?? "" });
  }
  await makeLoose(stage);
}

async function makeConsumer(stage: Stage, persona: Persona, of: { teamId: string; planId: string }): Promise<void> {
  const ctx = stage.as("Freya Lindqvist", persona.since);
  const consumer = await createConsumer(ctx, { name: persona.name, ...of });
  for (const name of persona.keys) await issueApiKey(ctx, { consumerId: consumer.id, name });
  const createdAt = ctx.now();
  await stage.tx.consumer.update({ where: { id: consumer.id }, data: { createdAt, updatedAt: createdAt } });
  await stage.tx.apiKey.updateMany({ where: { consumerId: consumer.id }, data: { createdAt, updatedAt: createdAt } });
}

/** What an admin tidies up: a key that nobody used, one that was revoked, one that is about to end, and a suspension. */
async function makeLoose(stage: Stage): Promise<void> {
  const find = (name: string) => stage.tx.consumer.findFirstOrThrow({ where: { name } });
  const sara = stage.as("Lin Zhao", 3.2);
  const chat = await find("support-chat");
  await issueApiKey(sara, { consumerId: chat.id, name: "load test, unused" });
  const leaked = await issueApiKey(sara, { consumerId: (await find("reply-drafts")).id, name: "laptop" });
  await revokeApiKey(stage.as("Freya Lindqvist", 0.35), { id: leaked.id });
  const expiresAt = new Date(stage.nowMs + 5 * DAY_MS).toISOString();
  await issueApiKey(sara, { consumerId: (await find("docs-assistant")).id, name: "preview", expiresAt });
  const scraper = await find(SUSPENDED.name);
  const patch = { suspended: true, suspendedReason: SUSPENDED.reason };
  await updateConsumer(stage.as("Priya Nair", SUSPENDED.hoursAgo / 24), { id: scraper.id, patch });
}

/** Rows of nodes behind which nothing runs: offline, and named so. Their keys are made and thrown away. */
export async function makeNodes(stage: Stage): Promise<void> {
  const newest = await stage.tx.revision.aggregate({ _max: { number: true } });
  const directory = await stage.tx.sequence.findUniqueOrThrow({ where: { name: "directory" } });
  for (const [place, { name, group }] of NODES.entries()) {
    await stage.tx.node.create({
      data: {
        id: newId("node"),
        name,
        group,
        softwareVersion: "0.1.0",
        signingKey: newSigningKey().publicKey,
        sealingKey: newSealingKey(),
        state: "serving",
        epoch: 1,
        appliedRevision: newest._max.number ?? 0,
        directoryCursor: directory.value,
        joinedAt: new Date(stage.nowMs - (89 - 11 * place) * DAY_MS),
        lastSeenAt: new Date(stage.nowMs - 2 * MINUTE_MS),
        utilisation: {
          cpu: 0.12 + 0.07 * place,
          rssBytes: (148 + 9 * place) * 1_048_576,
          eventLoopDelayMs: 1.1 + 0.2 * place,
          inFlight: 0,
          callsPerSecond: 0,
          spoolEvents: 0,
        },
      },
    });
  }
}

/** When the suspension began. */
export const suspendedAtMs = (nowMs: number) => nowMs - SUSPENDED.hoursAgo * HOUR_MS;

function newSealingKey() {
  const { x } = generateKeyPairSync("x25519").publicKey.export({ format: "jwk" });
  return { kty: "OKP", crv: "X25519", x: x ?? "" };
}
