// A verb checks its permission, opens its transaction and writes its audit entry because `query`, `longQuery` and `mutation` of
// lib/domain/verb.ts do it. This check keeps everything in lib/domain on that one road.

import { isTest, type SourceFile } from "#scripts/verify/source-files.ts";

const verbMaker = "lib/domain/verb.ts";
// The one file that opens transactions for the verbs, and what is done before anybody can be signed in.
const transactionOpeners = [verbMaker, "lib/domain/transaction.ts"];

/** Transactions opened beside a verb, verbs without a permission, mutations without an audit. */
export function checkVerbs(files: SourceFile[]): string[] {
  return files.filter(({ path }) => path.startsWith("lib/domain/") && !isTest(path)).flatMap(problemsIn);
}

function problemsIn({ path, text }: SourceFile): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  const problems: string[] = [];
  if (!transactionOpeners.includes(path) && /\$transaction\s*\(|\bwithTransaction\s*\(/.test(code)) {
    problems.push(`${path} opens a transaction itself: make it a verb, with query() or mutation()`);
  }
  if (/\$(queryRawUnsafe|executeRawUnsafe)\b/.test(code)) {
    problems.push(`${path} builds SQL from text: use a tagged $queryRaw`);
  }
  if (path === verbMaker) return problems;
  for (const { kind, body } of verbsIn(code)) {
    if (!/[{,]\s*name:/.test(body)) problems.push(`${path}: a ${kind} has no name`);
    if (!/[{,]\s*permission:/.test(body)) problems.push(`${path}: a ${kind} names no permission`);
    if (kind === "mutation" && !/\baudit\b/.test(body)) problems.push(`${path}: a mutation returns no audit`);
  }
  return problems;
}

function verbsIn(code: string): { kind: "query" | "mutation"; body: string }[] {
  return [...code.matchAll(/\b(query|longQuery|mutation)\(\{/g)].map((match) => ({
    kind: match[1] === "mutation" ? "mutation" : "query",
    body: balanced(code, match.index + match[0].length - 1),
  }));
}

// The text from an opening brace to the one that closes it. Braces in strings would have to be unbalanced to mislead it.
function balanced(code: string, start: number): string {
  let depth = 0;
  for (let at = start; at < code.length; at++) {
    if (code[at] === "{") depth++;
    if (code[at] === "}" && --depth === 0) return code.slice(start, at + 1);
  }
  return code.slice(start);
}
