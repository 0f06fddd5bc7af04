import { z } from "zod";
import { ask } from "#cli/api.ts";
import { type Command, DONE, print } from "#cli/command.ts";
import { JSON_OPTION } from "#cli/commands/plan.ts";
import { apiSettings } from "#cli/settings.ts";
import { VerifyView } from "#lib/domain/audit/schemas.ts";
import { PlainError } from "#scripts/terminal.ts";

type Row = Record<string, unknown>;

/** A command that shows the newest of a list, one a line. */
function listCommand(
  name: string,
  { path, summary, columns }: { path: string; summary: string; columns: Record<string, (row: Row) => unknown> },
): Command {
  return {
    name,
    summary,
    options: { limit: { takes: "number", help: "How many (50; 200 at most)" }, ...JSON_OPTION },
    async run(given) {
      const query = new URLSearchParams({ limit: given.text("limit") ?? "50" });
      const answer = z.object({ data: z.array(z.record(z.string(), z.unknown())) });
      const { data } = await ask(apiSettings(), { method: "GET", path: `${path}?${query}` }, answer);
      const cells = data.map((row) => Object.values(columns).map((read) => String(read(row) ?? "")));
      await print(given.isOn("json") ? JSON.stringify(data, null, 2) : table(Object.keys(columns), cells));
      return DONE;
    },
  };
}

function table(head: string[], rows: string[][]): string {
  const lines = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

const member = (name: string) => (row: Row) => row[name];
const nameOf = (value: unknown): unknown =>
  typeof value === "object" && value !== null && "name" in value ? value.name : null;

export const revisions = listCommand("revisions", {
  path: "/revisions",
  summary: "Show the published revisions, newest first",
  columns: {
    NUMBER: member("number"),
    KIND: member("kind"),
    BY: (row) => nameOf(row.author),
    AT: member("createdAt"),
    NOTE: (row) => String(row.note).split("\n", 1)[0],
  },
});

export const nodes = listCommand("nodes", {
  path: "/nodes",
  summary: "Show the nodes: their state, and the revision they run",
  columns: {
    NAME: member("name"),
    GROUP: member("group"),
    STATE: member("state"),
    REVISION: member("appliedRevision"),
    WANTED: member("wantedRevision"),
    "LAST SEEN": member("lastSeenAt"),
  },
});

export const keys = listCommand("keys", {
  path: "/api-keys",
  summary: "Show API keys: whose they are and whether they hold; never a secret",
  columns: {
    NAME: member("name"),
    CONSUMER: (row) => row.consumerName ?? row.consumerId,
    KEY: (row) => `${row.prefix}…${row.last4}`,
    EXPIRES: member("expiresAt"),
    REVOKED: member("revokedAt"),
    "LAST USED": member("lastUsedAt"),
  },
});

export const audit: Command = {
  name: "audit",
  positional: "verify",
  summary: "Check the chain of hashes over the whole audit",
  notes: "Exit status: 0 where it is whole, 1 where it is not.",
  options: JSON_OPTION,
  async run(given) {
    if (given.positionals.join(" ") !== "verify") throw new PlainError("Say what: turnpike audit verify.");
    const found = await ask(apiSettings(), { method: "GET", path: "/audit/verify" }, VerifyView);
    const sentence = found.valid
      ? `The audit is whole: ${found.entries} entries, head ${found.head}.`
      : `The audit is not whole: ${found.firstProblem ? JSON.stringify(found.firstProblem) : "see --json"}.`;
    await print(given.isOn("json") ? JSON.stringify(found, null, 2) : sentence);
    return found.valid ? DONE : 1;
  },
};
