import type { z } from "zod";
import { NodeGroupDriver, type NodeGroupInput } from "./schemas.ts";

/** Parts a driver as it was written from the secret in it, which is kept elsewhere. */
export function splitDriver(input: z.output<typeof NodeGroupInput>["driver"]): {
  driver: NodeGroupDriver;
  secret: string | undefined;
} {
  if (input.kind !== "webhook") return { driver: input, secret: undefined };
  const { secret, ...driver } = input;
  return { driver: NodeGroupDriver.parse(driver), secret };
}
