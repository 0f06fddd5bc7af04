import type { LedgerEntry } from "#e2e/support/demo-ledger.ts";
import { managementApi } from "#e2e/support/management-api.ts";
import type { StartedTurnpike } from "#e2e/support/turnpike.ts";
import { waitUntil } from "#e2e/support/wait-until.ts";

/** How many of the calls that the demo upstream served are missing in the request log, there twice, or counted wrongly. */
export async function compareWithLog(turnpike: StartedTurnpike, served: LedgerEntry[], startedAt: Date) {
  const api = managementApi(turnpike.consoleUrl, turnpike.token);
  const since = startedAt.toISOString();
  const logged = await waitUntil(
    "every served call in the request log",
    90_000,
    async () => {
      const rows = await allRequests(api, since);
      return rows.length >= served.length ? rows : undefined;
    },
    1_000,
  ).catch(() => allRequests(api, since));
  const byId = Map.groupBy(logged, (row) => row.id);
  let lost = 0;
  let doubled = 0;
  let wrong = 0;
  for (const entry of served) {
    const rows = byId.get(entry.requestId ?? "") ?? [];
    if (rows.length === 0) lost++;
    else if (rows.length > 1) doubled++;
    else if (rows[0]?.inputTokens !== entry.inputTokens || rows[0]?.outputTokens !== entry.outputTokens) wrong++;
  }
  return { lost, doubled, wrong };
}

interface LoggedRequest {
  id: string;
  inputTokens: number;
  outputTokens: number;
}

async function allRequests(api: ReturnType<typeof managementApi>, from: string): Promise<LoggedRequest[]> {
  const rows: LoggedRequest[] = [];
  for (let cursor = ""; ; ) {
    const page = await api.must(
      "GET",
      `/requests?limit=200&from=${from}&action=chat.completions${cursor && `&cursor=${cursor}`}`,
    );
    rows.push(...page.data);
    if (page.nextCursor === null) return rows;
    cursor = page.nextCursor;
  }
}
