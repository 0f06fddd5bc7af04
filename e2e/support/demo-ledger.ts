import { readFileSync } from "node:fs";
import path from "node:path";

/** One call as the demo upstream itself recorded it. */
export interface LedgerEntry {
  sequence: number;
  /** The `x-request-id` that the node sent along: the call's id in Turnpike. */
  requestId: string | null;
  path: string;
  model: string;
  status: number;
  finished: string;
  inputTokens: number;
  outputTokens: number;
}

/** The ledger of the demo upstream that belongs to a started installation: the oracle of what was really served. */
export function demoLedger(homeDir: string) {
  const port = readFileSync(path.join(homeDir, "demo-upstream.port"), "utf8").trim();
  const url = `http://127.0.0.1:${port}`;
  const get = async (target: string) => (await fetch(url + target)).json();
  return {
    url,
    async entries(after = 0): Promise<LedgerEntry[]> {
      const all: LedgerEntry[] = [];
      for (let from = after; ; ) {
        const page: { entries: LedgerEntry[] } = await get(`/__ledger?after=${from}&limit=1000`);
        all.push(...page.entries);
        const last = page.entries.at(-1);
        if (!last) return all;
        from = last.sequence;
      }
    },
    async setFaults(rules: unknown[]): Promise<void> {
      await fetch(`${url}/__faults`, {
        method: "POST",
        body: JSON.stringify(rules),
        headers: { "content-type": "application/json" },
      });
    },
  };
}
