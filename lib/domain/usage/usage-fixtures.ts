import { v7 as uuidv7 } from "uuid";
import { ROLE_PERMISSIONS, type Role } from "../../contract/permissions.ts";
import type { UsageEvent } from "../../contract/usage-event.ts";
import type { Database } from "../../db/client.ts";
import { type Actor, systemContext } from "../context.ts";
import { newId } from "../new-id.ts";
import { inTransaction } from "../transaction.ts";

/** For tests: a call that went well, with the parts that a test is about. */
export function eventOf(sequence: number, parts: Partial<UsageEvent> = {}): UsageEvent {
  const startedAt = parts.startedAt ?? "2026-11-24T10:00:00.000Z";
  return {
    sequence,
    id: `req_${uuidv7({ msecs: Date.parse(startedAt) }).replaceAll("-", "")}`,
    startedAt,
    durationMs: 120,
    firstByteMs: 60,
    teamId: null,
    consumerId: null,
    apiKeyId: null,
    endUser: null,
    sourceAddress: "127.0.0.1",
    userAgent: "test",
    action: "chat.completions",
    requestedModel: "smart",
    route: "smart",
    routeVersion: "1.0.0",
    targetId: "tgt_1",
    upstreamId: "ups_1",
    provider: "openai",
    model: "gpt-4o",
    revision: 1,
    status: 200,
    outcome: "ok",
    errorCode: null,
    stream: false,
    attempts: 1,
    cache: "miss",
    usage: {
      inputTokens: 10,
      cachedInputTokens: 2,
      cacheWriteTokens: 0,
      outputTokens: 20,
      reasoningTokens: 5,
      source: "upstream",
    },
    costNanos: "12345",
    priceVersion: "2026-11-01",
    decision: {
      revision: 1,
      stages: [{ stage: "limit", verdict: "allow", rule: "plan standard", facts: { remaining: 59 } }],
      candidates: [
        { targetId: "tgt_1", upstreamName: "one", model: "gpt-4o", weight: 1, chosen: true, reason: "turn" },
      ],
      attempts: [
        {
          targetId: "tgt_1",
          upstreamId: "ups_1",
          upstreamName: "one",
          model: "gpt-4o",
          credentialId: "crd_1",
          startedAtMs: 1,
          durationMs: 118,
          status: 200,
          error: null,
        },
      ],
      price: "10 in x $2.50/M",
    },
    ...parts,
  };
}

/** For tests: an actor of a role. A developer reaches the given teams only. */
export function actorOf(role: Role, teamIds?: string[]): Actor {
  const scope = teamIds === undefined ? "organisation" : { teamIds };
  return { kind: "user", id: newId("usr"), name: role, role, permissions: ROLE_PERMISSIONS[role], scope };
}

/** For tests: a new team with one consumer and one key. */
export async function directoryOf(database: Database) {
  const ids = { team: newId("team"), consumer: newId("con"), apiKey: newId("key") };
  await inTransaction(systemContext(database, "fixture"), async (tx) => {
    await tx.team.create({ data: { id: ids.team, name: `Team ${ids.team}` } });
    const owned = { teamId: ids.team, createdBy: "test" };
    await tx.consumer.create({
      data: { ...owned, id: ids.consumer, name: `Bot ${ids.consumer}`, planId: "plan_1", minRevision: 1 },
    });
    const secret = { sha256: ids.apiKey, prefix: "tp_test", last4: "abcd" };
    await tx.apiKey.create({ data: { ...owned, ...secret, id: ids.apiKey, consumerId: ids.consumer, name: "prod" } });
  });
  return ids;
}
