/** What a node says of itself: events in words, with facts beside them. Never a secret, a body or a caller's text. */
export interface Log {
  info(facts: Record<string, string | number | boolean | null>, event: string): void;
  warn(facts: Record<string, string | number | boolean | null>, event: string): void;
  error(facts: Record<string, string | number | boolean | null>, event: string): void;
}

/** Says nothing: for tests. */
export const silentLog: Log = { info() {}, warn() {}, error() {} };

/** What may be logged of an unknown error: its kind and code. Messages may carry what a peer sent. */
export function errorFacts(error: unknown): Record<string, string | number> {
  if (!(error instanceof Error)) return { error: typeof error };
  const facts: Record<string, string | number> = { error: error.name };
  if ("code" in error && typeof error.code === "string") facts.code = error.code;
  if ("status" in error && typeof error.status === "number") facts.status = error.status;
  const at = error.stack?.split("\n").find((line) => line.trimStart().startsWith("at "));
  if (at !== undefined) facts.at = at.trim().replace(/^at (.*?)\(?[^ (]*\/gateway\//, "$1gateway/");
  return facts;
}
