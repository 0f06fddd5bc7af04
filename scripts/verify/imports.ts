import path from "node:path";
import { parseSync } from "oxc-parser";
import type { SourceFile } from "#scripts/verify/source-files.ts";

/** One import, export-from or `import()` of a file. */
export interface Import {
  from: string;
  line: number;
  /** A path from the root for a file of ours, "node:fs" for a built-in, the package's name for the rest. */
  to: string;
  kind: "file" | "builtin" | "package";
  /** Gone at run time. */
  isTypeOnly: boolean;
}

/** Reads what a file imports. Throws on a file that does not parse. */
export function importsOf({ path: from, text }: SourceFile): Import[] {
  const { module, errors } = parseSync(from, text);
  if (errors.length > 0) throw new Error(`${from}: ${errors[0]?.message}`);
  const found: { request: string; start: number; isTypeOnly: boolean }[] = [];
  for (const { moduleRequest, entries, start } of module.staticImports) {
    const isTypeOnly = entries.length > 0 && entries.every((entry) => entry.isType);
    found.push({ request: moduleRequest.value, start, isTypeOnly });
  }
  for (const { entries, start } of module.staticExports) {
    for (const { moduleRequest, isType } of entries) {
      if (moduleRequest) found.push({ request: moduleRequest.value, start, isTypeOnly: isType });
    }
  }
  // Both `await import("…")` and the type `import("…").X`, which the parser does not list.
  for (const match of text.matchAll(/(?<!\/\/.*|\*.*)\bimport\(\s*"([^"]+)"/g)) {
    const isTypeOnly = !module.dynamicImports.some(({ start }) => start === match.index);
    found.push({ request: match[1] ?? "", start: match.index, isTypeOnly });
  }
  return found.map(({ request, start, isTypeOnly }) => ({
    from,
    line: text.slice(0, start).split("\n").length,
    isTypeOnly,
    ...resolve(from, request),
  }));
}

function resolve(from: string, request: string): Pick<Import, "to" | "kind"> {
  if (request.startsWith("#")) return { to: request.slice(1), kind: "file" };
  if (request.startsWith(".")) return { to: path.posix.join(path.posix.dirname(from), request), kind: "file" };
  if (request.startsWith("node:")) return { to: request, kind: "builtin" };
  return { to: request.split("/", request.startsWith("@") ? 2 : 1).join("/"), kind: "package" };
}
