// The scripts' only door to the environment: they hand it on to the programs they start, and read their own switches.

/** A copy of the environment this process was started with, for handing to a child. */
export function ambientEnv(): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !name.startsWith("npm_")) env[name] = value;
  }
  return env;
}

/** The value of one variable; an empty one counts as unset. */
export function ambient(name: string): string | undefined {
  return process.env[name] || undefined;
}
