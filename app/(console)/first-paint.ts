import type { QueryKey } from "@tanstack/react-query";
import { DomainError } from "#lib/domain/errors.ts";

/**
 * Reads what a page shows first. A refusal is left out: the browser then asks the API itself and shows what it says,
 * with its request id. `onMissing` is called for what does not exist (`notFound` of a detail page).
 */
export async function firstPaint(
  reads: readonly (readonly [QueryKey, () => Promise<unknown>])[],
  onMissing?: () => never,
): Promise<(readonly [QueryKey, unknown])[]> {
  const answers = await Promise.all(
    reads.map(async ([key, read]) => {
      try {
        return [[key, await read()]] as const;
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        if (error.code === "not_found") onMissing?.();
        return [];
      }
    }),
  );
  return answers.flat();
}
