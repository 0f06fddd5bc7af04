import { Prisma } from "#prisma/generated/client.ts";

/** The few database failures that a caller can do something about; everything else is a fault of ours. */
export function databaseErrorCode(error: unknown): "unique_violation" | "serialization_failure" | undefined {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return undefined;
  if (error.code === "P2002") return "unique_violation";
  if (error.code === "P2034") return "serialization_failure";
  return undefined;
}
