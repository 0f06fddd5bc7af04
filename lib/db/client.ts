import { PrismaPg } from "@prisma/adapter-pg";
import { type Prisma, PrismaClient } from "#prisma/generated/client.ts";
import { env } from "../env.ts";

/** One open transaction. Every statement of the control plane runs in one, so that row-level security has its scope. */
export type Tx = Prisma.TransactionClient;

/** Hashes and sealed secrets leave the database only where a query names them. */
const SECRET_COLUMNS = {
  user: { passwordHash: true },
  credential: { sealedSecret: true },
  signingKey: { sealedKey: true },
  apiKey: { sha256: true },
  managementToken: { sha256: true },
  joinToken: { sha256: true },
  nodeGroup: { sealedSecret: true },
  idempotencyRecord: { response: true },
} as const;

/** Opens a client that works as the app role (see the migrations): no DDL, row-level security in force. */
export function openDatabase(connectionString: string, poolSize = 10) {
  const adapter = new PrismaPg({
    connectionString,
    max: poolSize,
    connectionTimeoutMillis: 5_000,
    options: "-c role=turnpike_app -c statement_timeout=15000 -c idle_in_transaction_session_timeout=20000",
  });
  return new PrismaClient({ adapter, omit: SECRET_COLUMNS, transactionOptions: { maxWait: 5_000, timeout: 20_000 } });
}

export type Database = ReturnType<typeof openDatabase>;

// One pool a process, also across the module reloads of a development server.
const globals: typeof globalThis & { turnpikeDatabase?: Database } = globalThis;

/** This process's database. */
export function database(): Database {
  globals.turnpikeDatabase ??= openDatabase(env().DATABASE_URL);
  return globals.turnpikeDatabase;
}
