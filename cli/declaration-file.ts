import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { Declaration } from "#lib/domain/declaration/schemas.ts";
import { DomainError, type FieldError } from "#lib/domain/errors.ts";
import { parseInput } from "#lib/domain/parse-input.ts";
import { PlainError } from "#scripts/terminal.ts";

/** The control plane takes no larger body. */
const FILE_BYTES_MAX = 1024 * 1024;
/** How much an alias may multiply: YAML has no other bound against a small file that stands for a large value. */
const ALIASES_MAX = 200;

/** A declaration read from a file. */
export interface DeclarationFile {
  /** As the person named it. */
  file: string;
  declaration: Declaration;
  /** Says problems with their places in the file, one a line. */
  explain(fields: readonly FieldError[]): string;
}

/** Reads a declaration. Throws one `PlainError` with a line for each problem: file, line, column, what and what to do. */
export function readDeclaration(file: string): DeclarationFile {
  const { value, explain } = parseYaml(file, readText(file));
  try {
    return { file, declaration: parseInput(Declaration, value), explain };
  } catch (error) {
    if (error instanceof DomainError) throw new PlainError(explain(error.fields));
    throw error;
  }
}

/** Reads a text file of bounded size. Throws one sentence where it cannot. */
export function readText(file: string): string {
  try {
    if (statSync(file).size > FILE_BYTES_MAX) throw new PlainError(`${file} is larger than ${FILE_BYTES_MAX} bytes.`);
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof PlainError) throw error;
    throw new PlainError(`${path.resolve(file)} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

/** A YAML text as a plain value, and how to say problems by their places. Throws one `PlainError` for text that is none. */
export function parseYaml(file: string, text: string): { value: unknown; explain: DeclarationFile["explain"] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true, uniqueKeys: true, prettyErrors: false });
  if (document.errors.length > 0) {
    const said = document.errors.slice(0, 20).map((error) => {
      const { line, col } = lines.linePos(error.pos[0]);
      return `${file}:${line}:${col}  ${error.message}`;
    });
    throw new PlainError(said.join("\n"));
  }
  const value = plainValue(file, () => document.toJS({ maxAliasCount: ALIASES_MAX }));
  const explain = (fields: readonly FieldError[]) =>
    fields
      .map((field) => ({ ...field, offset: offsetOf(document.contents, field.pointer) }))
      .toSorted((a, b) => a.offset - b.offset)
      .map(({ pointer, detail, offset }) => {
        const { line, col } = lines.linePos(offset);
        return `${file}:${line}:${col}  ${pointer || "/"}  ${detail}`;
      })
      .join("\n");
  return { value, explain };
}

function plainValue(file: string, make: () => unknown): unknown {
  try {
    return make();
  } catch (error) {
    throw new PlainError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Where a JSON pointer leads in a document, or as far as it leads. */
function offsetOf(root: Node | null, pointer: string): number {
  let at: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const part of pointer.split("/").slice(1)) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (isMap(at)) {
      const pair = at.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === name);
      if (!pair || !isScalar(pair.key)) break;
      offset = pair.key.range?.[0] ?? offset;
      at = pair.value;
    } else if (isSeq(at)) {
      at = at.items[Number(name)];
      if (!isNode(at)) break;
      offset = at.range?.[0] ?? offset;
    } else break;
  }
  return offset;
}

function isNode(value: unknown): value is Node {
  return isMap(value) || isSeq(value) || isScalar(value);
}
