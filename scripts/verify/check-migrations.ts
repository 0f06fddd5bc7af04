// While a new release is rolled out, the one before still runs on the same database. So a migration only expands what is
// there; what the release before could stumble over is a contract step, and says in the migration why it is safe by now:
// `-- contract: <reason>` directly above the statement.

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "#scripts/project-root.ts";

/** Older migrations were part of the first release: nothing ran beside them, and their text must stay as it was applied. */
const FIRST_CHECKED = "20261124000800";
const REASON_CHARS_MIN = 10;

interface Danger {
  pattern: RegExp;
  /** What the release before would meet. */
  because: string;
}

const DANGERS: readonly Danger[] = [
  {
    pattern: /\bDROP\s+(TABLE|COLUMN|TYPE|VIEW|MATERIALIZED\s+VIEW|FUNCTION|SCHEMA|SEQUENCE|INDEX|TRIGGER|ROLE)\b/i,
    because: "takes away what the release before uses",
  },
  // `ALTER TABLE … DROP "name"`: the word COLUMN may be left out.
  { pattern: /^ALTER\s+TABLE\b[^;]*\bDROP\s+"/i, because: "takes away what the release before uses" },
  { pattern: /\bRENAME\b/i, because: "hides what the release before asks for by its old name" },
  { pattern: /\bSET\s+NOT\s+NULL\b/i, because: "refuses rows that the release before writes" },
  { pattern: /\bDROP\s+NOT\s+NULL\b/i, because: "lets in values that the release before does not expect" },
  { pattern: /\bDROP\s+DEFAULT\b/i, because: "refuses rows that the release before writes without the column" },
  {
    pattern: /\bALTER\s+(COLUMN\s+)?"?\w+"?\s+(SET\s+DATA\s+)?TYPE\b/i,
    because: "changes a type under the release before",
  },
  { pattern: /^ALTER\s+TYPE\b/i, because: "changes a type under the release before" },
  { pattern: /^TRUNCATE\b/i, because: "empties a table that the release before reads" },
  { pattern: /^REVOKE\b/i, because: "takes a permission from the release before" },
  {
    pattern: /^ALTER\s+TABLE\b[^;]*\bADD\s+(CONSTRAINT\b|CHECK\b|UNIQUE\b|FOREIGN\s+KEY\b|PRIMARY\s+KEY\b)/i,
    because: "may refuse rows that the release before writes",
  },
  { pattern: /^CREATE\s+UNIQUE\s+INDEX\b/i, because: "may refuse rows that the release before writes" },
];

interface Statement {
  /** Without comments, the bodies of functions and the insides of texts. */
  code: string;
  /** The reason given for a contract step, or null. */
  reason: string | null;
}

/** What is wrong with the migrations of a folder (`<name>/migration.sql`), by file. */
export function checkMigrations(folder = path.join(projectRoot, "prisma/migrations")): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name >= FIRST_CHECKED)
    .flatMap(({ name }) =>
      migrationProblems(readFileSync(path.join(folder, name, "migration.sql"), "utf8")).map(
        (problem) => `prisma/migrations/${name}: ${problem}`,
      ),
    );
}

/** The statements of a migration that the release before could stumble over and that are not marked as contract steps. */
export function migrationProblems(sql: string): string[] {
  const statements = statementsOf(sql);
  const own = new Set(statements.flatMap(({ code }) => tableOf(/^CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?/i, code)));
  return statements.flatMap((statement) => {
    const found = dangerOf(statement.code, own);
    if (found === null) return [];
    const { reason } = statement;
    if (reason !== null && reason.length >= REASON_CHARS_MIN) return [];
    const shown = statement.code.slice(0, 100);
    return [
      reason === null
        ? `\`${shown}\` ${found}: expand first, and mark it in a later release with \`-- contract: <reason>\``
        : `\`${shown}\`: the reason of the contract step says too little`,
    ];
  });
}

/** What the release before would meet; null for what only expands, or concerns tables that this migration has made. */
function dangerOf(code: string, own: ReadonlySet<string>): string | null {
  const [table] = tableOf(/^(?:ALTER\s+TABLE\s+(?:ONLY\s+)?|CREATE\s+UNIQUE\s+INDEX\b.*?\sON\s+(?:ONLY\s+)?)/i, code);
  if (table !== undefined && own.has(table)) return null;
  const danger = DANGERS.find(({ pattern }) => pattern.test(code));
  if (danger !== undefined) return danger.because;
  return addsRequiredColumn(code) ? "adds a column that the release before leaves out" : null;
}

function addsRequiredColumn(code: string): boolean {
  if (!/^ALTER\s+TABLE\b/i.test(code)) return false;
  return code.split(/\bADD\s+(?=COLUMN\b|")/i).some((part, index) => index > 0 && isRequired(part));
}

function isRequired(column: string): boolean {
  return /\bNOT\s+NULL\b/i.test(column) && !/\b(DEFAULT|GENERATED)\b/i.test(column);
}

function tableOf(before: RegExp, code: string): string[] {
  const match = before.exec(code);
  if (match === null) return [];
  const name = /^"?(\w+)"?/.exec(code.slice(match[0].length))?.[1];
  return name === undefined ? [] : [name];
}

// One pass over the text, so that a semicolon in a comment, a text or a function's body ends nothing.
const PIECE = /--[^\n]*|\/\*[\s\S]*?\*\/|\$(\w*)\$[\s\S]*?\$\1\$|'(?:[^']|'')*'|;|[^-/$';]+|[-/$']/g;

function statementsOf(sql: string): Statement[] {
  const statements: Statement[] = [];
  let code = "";
  let reason: string | null = null;
  const close = (): void => {
    const trimmed = code.replace(/\s+/g, " ").trim();
    if (trimmed !== "") statements.push({ code: trimmed, reason });
    code = "";
    reason = null;
  };
  for (const [piece] of sql.matchAll(PIECE)) {
    if (piece === ";") close();
    else if (piece.startsWith("--")) reason = /^--\s*contract:(.*)$/.exec(piece)?.[1]?.trim() ?? reason;
    else if (piece.startsWith("/*")) code += " ";
    else if (/^(\$\w*\$|')./s.test(piece)) code += "''";
    else code += piece;
  }
  close();
  return statements;
}
