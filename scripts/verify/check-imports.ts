import { existsSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "#scripts/project-root.ts";
import { databaseUsers, type ImportRule, importRules } from "#scripts/verify/import-rules.ts";
import { type Import, importsOf } from "#scripts/verify/imports.ts";
import { isTest, type SourceFile } from "#scripts/verify/source-files.ts";

/** Every import that the table does not allow, every import of a file that is not there, and every cycle. */
export function checkImports(files: SourceFile[]): string[] {
  const imports = files.flatMap(importsOf);
  return [
    ...imports.filter((each) => isMissing(each)).map((each) => `${at(each)} imports ${each.to}, which does not exist`),
    ...imports.filter((each) => !isTest(each.from)).flatMap(breaches),
    ...sideDoors(files, imports),
    ...cycles(imports),
  ];
}

function isMissing({ kind, to }: Import): boolean {
  return kind === "file" && !to.startsWith("prisma/generated/") && !existsSync(path.join(projectRoot, to));
}

function breaches(each: Import): string[] {
  const problems = importRules
    .filter((rule) => rule.room.test(each.from) && !isAllowed(rule, each))
    .map((rule) => `${at(each)} may not import ${each.to} (rule for ${rule.room.source.replaceAll("\\/", "/")})`);
  const opensDatabase = each.kind === "file" && /^(lib\/db|prisma\/generated)\//.test(each.to);
  if (opensDatabase && !each.isTypeOnly && !databaseUsers.test(each.from)) {
    problems.push(`${at(each)} may not import ${each.to}: the database is reached through a verb`);
  }
  return problems;
}

// Another entity's verbs are called through its index, so that a reader finds in one place what it offers.
function sideDoors(files: SourceFile[], imports: Import[]): string[] {
  const verbFiles = new Set(
    files.filter(({ text }) => /\b(query|mutation)\(\{/.test(text)).map(({ path: file }) => file),
  );
  return imports
    .filter((each) => verbFiles.has(each.to) && !each.isTypeOnly && !isTest(each.from))
    .filter((each) => entityOf(each.to) !== null && entityOf(each.from) !== entityOf(each.to))
    .map((each) => `${at(each)} imports the verb ${each.to}: take it from that entity's index.ts`);
}

function entityOf(file: string): string | null {
  return /^lib\/domain\/([^/]+)\//.exec(file)?.[1] ?? null;
}

function isAllowed(rule: ImportRule, { from, to, kind, isTypeOnly }: Import): boolean {
  switch (kind) {
    case "builtin":
      return rule.builtins === "any" || rule.builtins.includes(to.slice("node:".length));
    case "package":
      return rule.packages === "any" || rule.packages.includes(to);
    case "file": {
      const own = rule.room.exec(from)?.[1] ?? "";
      const matches = (pattern: string) => new RegExp(pattern.replace("$1", own)).test(to);
      return rule.files.some(matches) || (isTypeOnly && (rule.typesOf ?? []).some(matches));
    }
  }
}

function at({ from, line }: Import): string {
  return `${from}:${line}`;
}

// A depth-first walk: meeting a file that is still on the path closes a cycle. Types form no cycle at run time.
function cycles(imports: Import[]): string[] {
  const next = new Map<string, string[]>();
  for (const { from, to, kind, isTypeOnly } of imports) {
    if (kind === "file" && !isTypeOnly) next.set(from, [...(next.get(from) ?? []), to]);
  }
  const done = new Set<string>();
  const trail: string[] = [];
  const found: string[] = [];
  const visit = (file: string): void => {
    const onTrail = trail.indexOf(file);
    if (onTrail >= 0) found.push(`cycle: ${[...trail.slice(onTrail), file].join(" → ")}`);
    if (onTrail >= 0 || done.has(file)) return;
    trail.push(file);
    for (const each of next.get(file) ?? []) visit(each);
    trail.pop();
    done.add(file);
  };
  for (const file of next.keys()) visit(file);
  return found;
}
