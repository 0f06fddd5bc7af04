import { type ControlEnv, parseControlEnv } from "#lib/env.ts";
import { ambientEnv } from "#scripts/env.ts";
import { PlainError } from "#scripts/terminal.ts";

/** The control plane's environment, for the programs that run alone. Throws a PlainError that names every mistake. */
export function readControlEnv(): ControlEnv {
  try {
    return parseControlEnv(ambientEnv());
  } catch (error) {
    throw new PlainError(error instanceof Error ? error.message : String(error));
  }
}
