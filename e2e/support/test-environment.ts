import { randomBytes } from "node:crypto";
import { vi } from "vitest";

/** Gives the control plane's code an environment with fresh secrets, as a started program has. */
export function stubControlEnvironment(): void {
  vi.stubEnv("DATABASE_URL", "postgresql://unused.invalid/unused");
  vi.stubEnv("NEXTAUTH_SECRET", randomBytes(32).toString("base64"));
  vi.stubEnv("TURNPIKE_MASTER_KEY", randomBytes(32).toString("base64"));
}
