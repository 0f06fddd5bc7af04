import { Prisma } from "#prisma/generated/client.ts";
import type { Tx } from "../../db/client.ts";
import { DomainError } from "../errors.ts";

const STATEMENT_TIMEOUT_MS = 5_000;

/** Runs reads whose cost depends on what the caller asks for: 422 with a remedy when a statement takes too long. */
export async function bounded<T>(tx: Tx, work: () => Promise<T>, timeoutMs = STATEMENT_TIMEOUT_MS): Promise<T> {
  await tx.$queryRaw`SELECT set_config('statement_timeout', ${String(timeoutMs)}, true)`;
  try {
    return await work();
  } catch (error) {
    if (!isCancelled(error)) throw error;
    throw new DomainError(
      "invalid_request",
      "This search would read too many calls. Choose a shorter time range, or a filter that fits fewer of them.",
    );
  }
}

/** PostgreSQL's `query_canceled`: the statement ran into its timeout. */
function isCancelled(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && JSON.stringify(error.meta ?? {}).includes("57014");
}
