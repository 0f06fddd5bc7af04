import { randomBytes } from "node:crypto";
import { secretHash } from "../../contract/api-key-format.ts";
import { hashPassword } from "../../crypto/password.ts";
import type { Database } from "../../db/client.ts";
import { writeAudit } from "../audit/write.ts";
import { type Context, systemContext } from "../context.ts";
import { createJoinToken } from "../join-token/index.ts";
import { newId } from "../new-id.ts";
import { createControlKey } from "../revision/control-key.ts";
import { inTransaction } from "../transaction.ts";
import { Password } from "../user/schemas.ts";
import { setUpDemo } from "./demo.ts";

export interface BootstrapOptions {
  adminEmail: string | undefined;
  adminPassword: string | undefined;
  /** If set at first start: becomes a management token with the owner role (`tpm_…`, at least 32 characters). */
  bootstrapToken: string | undefined;
  /** Where the demo upstream listens; null for an installation without demo objects. */
  demoUpstreamUrl: string | null;
  /** How many nodes of this machine still have to join. */
  joinTokens: number;
}

export interface BootstrapResult {
  adminEmail: string;
  /** The generated password, the first time only. */
  adminPassword: string | null;
  /** The demo consumer's key, the first time only. */
  demoApiKey: string | null;
  /** One for each node that has to join. */
  joinTokens: string[];
}

const DEFAULT_ADMIN_EMAIL = "admin@turnpike.local";

/**
 * Makes what a fresh installation needs: the organisation, the control plane's signing key, the first owner, and the
 * demo objects. A second call finds them and changes nothing. All in one transaction, so a crash leaves nothing half made.
 */
export async function bootstrapInstallation(database: Database, options: BootstrapOptions): Promise<BootstrapResult> {
  const ctx = systemContext(database, newId("req"));
  return inTransaction(ctx, async (tx) => {
    const inside = { ...ctx, tx };
    // One at a time: two control planes may start against one empty database.
    await tx.$queryRaw`SELECT value FROM "sequence" WHERE name = 'revision' FOR UPDATE`;
    const isFirst = (await tx.installation.count()) === 0;
    const admin = isFirst
      ? await setUpOrganisation(inside, options)
      : { email: await firstOwnerEmail(inside), password: null };
    const demoApiKey =
      isFirst && options.demoUpstreamUrl !== null ? await setUpDemo(inside, options.demoUpstreamUrl) : null;
    const joinTokens: string[] = [];
    while (joinTokens.length < options.joinTokens) {
      joinTokens.push((await createJoinToken(inside, { name: "local" })).secret);
    }
    return { adminEmail: admin.email, adminPassword: admin.password, demoApiKey, joinTokens };
  });
}

type Inside = Context & { tx: NonNullable<Context["tx"]> };

async function setUpOrganisation(
  ctx: Inside,
  options: BootstrapOptions,
): Promise<{ email: string; password: string | null }> {
  const email = (options.adminEmail ?? DEFAULT_ADMIN_EMAIL).trim().toLowerCase();
  const generated = options.adminPassword === undefined ? randomBytes(18).toString("base64url") : null;
  const password = options.adminPassword ?? generated ?? "";
  if (!Password.safeParse(password).success)
    throw new Error("TURNPIKE_ADMIN_PASSWORD must have at least 12 characters");
  const passwordHash = await hashPassword(password);
  await ctx.tx.installation.create({ data: { id: 1, name: "My organisation" } });
  await createControlKey(ctx.tx);
  const user = await ctx.tx.user.create({
    data: { id: newId("usr"), email, name: "Administrator", role: "owner", passwordHash },
  });
  await writeAudit(ctx, "installation.create", [
    { resource: "user", id: user.id, name: email, after: { email, role: "owner" } },
  ]);
  if (options.bootstrapToken !== undefined) await addBootstrapToken(ctx, options.bootstrapToken);
  return { email, password: generated };
}

async function addBootstrapToken(ctx: Inside, secret: string): Promise<void> {
  if (!/^tpm_[\x21-\x7e]{28,}$/.test(secret))
    throw new Error("TURNPIKE_BOOTSTRAP_TOKEN must start with tpm_ and have at least 32 characters");
  const data = {
    id: newId("mtk"),
    name: "bootstrap",
    role: "owner",
    sha256: secretHash(secret),
    prefix: secret.slice(0, 8),
    last4: secret.slice(-4),
    createdBy: ctx.actor.id,
  };
  const row = await ctx.tx.managementToken.create({ data });
  await writeAudit(ctx, "managementToken.create", [
    { resource: "managementToken", id: row.id, name: row.name, after: { role: row.role } },
  ]);
}

async function firstOwnerEmail(ctx: Inside): Promise<string> {
  const owner = await ctx.tx.user.findFirst({ where: { role: "owner", disabledAt: null }, orderBy: { id: "asc" } });
  return owner?.email ?? DEFAULT_ADMIN_EMAIL;
}
