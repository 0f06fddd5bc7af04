import { encode } from "next-auth/jwt";
import { stubControlEnvironment } from "#e2e/support/test-environment.ts";
import { newSecret, secretHash } from "#lib/contract/api-key-format.ts";
import { ROLES, type Role } from "#lib/contract/permissions.ts";
import { systemContext } from "#lib/domain/context.ts";
import { newId } from "#lib/domain/new-id.ts";
import { createControlKey } from "#lib/domain/revision/control-key.ts";
import { inTransaction } from "#lib/domain/transaction.ts";
import { env } from "#lib/env.ts";
import { handle } from "#lib/http/handle.ts";
import { log } from "#lib/log.ts";
import { createTestDatabase, type TestDatabase } from "./test-database.ts";

export const HOST = "console.test";

/** What a test sends: a role's token or session, a body, and headers on top. */
export interface Sent {
  as?: Role | { token: string } | { session: string };
  body?: unknown;
  /** Sent as it is, instead of `body`. */
  text?: string | ReadableStream<Uint8Array>;
  headers?: Record<string, string | undefined>;
  /** The time it is. */
  now?: Date;
}

export interface ApiFixture extends TestDatabase {
  /** A user of each role, by id; the developer is in the team. */
  userIds: Record<Role, string>;
  tokens: Record<Role, string>;
  teamId: string;
  call(method: string, path: string, sent?: Sent): Promise<Response>;
  /** Opens a session for a user and returns its cookie. */
  openSession(userId: string): Promise<{ id: string; cookie: string }>;
}

/** An installation with a user and a management token of each role, and the API's handler in front of it. */
export async function createApiFixture(): Promise<ApiFixture> {
  log.level = "silent";
  stubControlEnvironment();
  const base = await createTestDatabase();
  const teamId = newId("team");
  const userIds = recordOf(() => newId("usr"));
  const tokens = recordOf(() => newSecret("tpm_"));
  await inTransaction(systemContext(base.database, "req_setup"), async (tx) => {
    await tx.installation.create({ data: { id: 1, name: "Test" } });
    await createControlKey(tx);
    await tx.team.create({ data: { id: teamId, name: "Payments" } });
    for (const role of ROLES) {
      const id = userIds[role];
      const teams = role === "developer" ? { create: [{ teamId }] } : {};
      await tx.user.create({
        data: { id, email: `${role}@example.test`, name: role, role, teams },
      });
      const sha256 = secretHash(tokens[role]);
      const data = { id: newId("mgt"), name: role, role, sha256, prefix: "tpm_", last4: "", createdBy: "test" };
      await tx.managementToken.create({ data });
    }
  });
  return {
    ...base,
    teamId,
    userIds,
    tokens,
    call(method, path, sent = {}) {
      const { now } = sent;
      const at = now ? { now: () => now } : {};
      return handle(requestOf(method, path, sent, tokens), { database: base.database, ...at });
    },
    async openSession(userId) {
      const id = newId("ses");
      const expiresAt = new Date(Date.now() + 3_600_000);
      await base.database.session.create({ data: { id, userId, expiresAt } });
      const sealed = await encode({ token: { sessionId: id }, secret: env().NEXTAUTH_SECRET });
      return { id, cookie: `turnpike.session=${sealed}` };
    },
  };
}

function requestOf(method: string, path: string, sent: Sent, tokens: Record<Role, string>): Request {
  const headers = new Headers({ host: HOST, ...credential(sent.as, tokens) });
  const body = sent.text ?? (sent.body === undefined ? undefined : JSON.stringify(sent.body));
  if (body !== undefined) headers.set("content-type", "application/json");
  for (const [name, value] of Object.entries(sent.headers ?? {})) if (value !== undefined) headers.set(name, value);
  const init: RequestInit & { duplex?: "half" } = { method, headers };
  if (body !== undefined) Object.assign(init, { body, duplex: "half" });
  return new Request(`http://${HOST}/api/v1${path}`, init);
}

function credential(as: Sent["as"], tokens: Record<Role, string>): Record<string, string> {
  if (as === undefined) return {};
  if (typeof as === "string") return { authorization: `Bearer ${tokens[as]}` };
  if ("token" in as) return { authorization: `Bearer ${as.token}` };
  return { cookie: as.session, origin: `http://${HOST}` };
}

function recordOf(make: () => string): Record<Role, string> {
  return { owner: make(), admin: make(), operator: make(), auditor: make(), developer: make() };
}
