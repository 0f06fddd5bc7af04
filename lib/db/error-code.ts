import { Prisma } from "#prisma/generated/client.ts";

/** Connection refused or lost, no free connection in time, or a statement that was cut off. */
const UNAVAILABLE = new Set(["P1001", "P1002", "P1008", "P1017", "P2024", "P2028"]);

/** The few database failures that a caller can do something about; everything else is a fault of ours. */
export function databaseErrorCode(
  error: unknown,
): "unique_violation" | "serialization_failure" | "unavailable" | undefined {
  if (error instanceof Prisma.PrismaClientInitializationError) return "unavailable";
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return undefined;
  if (error.code === "P2002") return "unique_violation";
  if (error.code === "P2034") return "serialization_failure";
  return UNAVAILABLE.has(error.code) ? "unavailable" : undefined;
}
