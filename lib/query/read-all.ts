import { z } from "zod";
import { callApi, queryString } from "#lib/query/api-client.ts";

const pageSize = 200;
/** Choices in forms: who has more than this many needs the search of the list page. */
const pagesMax = 10;

/** Every item of a list, page after page, at most 2,000. */
export async function readAll<T extends z.ZodType>(
  item: T,
  path: string,
  parameters: Record<string, string | undefined>,
  signal: AbortSignal,
): Promise<z.output<T>[]> {
  const Page = z.object({ data: z.array(item), nextCursor: z.string().nullable() });
  const found: z.output<T>[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < pagesMax; page++) {
    const answer: z.output<typeof Page> = await callApi(
      Page,
      "GET",
      `${path}${queryString({ ...parameters, limit: pageSize, cursor })}`,
      { signal },
    );
    found.push(...answer.data);
    cursor = answer.nextCursor;
    if (cursor === null) break;
  }
  return found;
}
