// What the commands of this repository print, and how they fail.

/** A condition that the person at the terminal has to change. Its message is one sentence; no stack is shown. */
export class PlainError extends Error {}

/** Prints a failure and leaves with status 1; only an unexpected one is printed with its stack. */
export function failPlainly(error: unknown): never {
  process.stderr.write(`${describeFailure(error)}\n`);
  process.exit(1);
}

/** The text of a failure: a sentence for an expected one, the stack for the rest. */
export function describeFailure(error: unknown): string {
  if (error instanceof PlainError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** "1.2 s", "850 ms" or "2 min 5 s". */
export function formatDuration(durationMs: number): string {
  if (durationMs < 1000) return `${Math.round(durationMs)} ms`;
  if (durationMs < 60_000) return `${(durationMs / 1000).toFixed(1)} s`;
  return `${Math.floor(durationMs / 60_000)} min ${Math.round((durationMs % 60_000) / 1000)} s`;
}

const isTerminal = process.stdout.isTTY === true;

/**
 * Runs one named step and prints its progress: a live line on a terminal, a finished line elsewhere.
 * `work` may return a short remark, which is appended to the line. A failure is marked and thrown on.
 */
export async function step<T>(name: string, work: () => Promise<T>, remark?: (result: T) => string): Promise<T> {
  const startedMs = performance.now();
  const elapsed = () => formatDuration(performance.now() - startedMs);
  const draw = () => process.stdout.write(`\r\x1b[K… ${name}  ${elapsed()}`);
  const timer = isTerminal ? setInterval(draw, 200) : undefined;
  if (isTerminal) draw();
  const finish = (mark: string, rest: string) => {
    clearInterval(timer);
    process.stdout.write(`${isTerminal ? "\r\x1b[K" : ""}${mark} ${name}${rest}  ${elapsed()}\n`);
  };
  try {
    const result = await work();
    const said = remark?.(result);
    finish("✓", said ? ` (${said})` : "");
    return result;
  } catch (error) {
    finish("✗", "");
    throw error;
  }
}
