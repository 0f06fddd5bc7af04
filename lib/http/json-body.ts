import { DomainError, type FieldError } from "../domain/errors.ts";
import { HttpError } from "./http-error.ts";

const DEPTH_MAX = 64;

/**
 * Reads JSON from outside. Throws 400 `invalid_json` for broken text, a member given twice (which two readers may
 * understand differently) or more than 64 levels; 422 for text that cannot be stored and for a member `__proto__`.
 */
export function parseJson(text: string): unknown {
  const value = parse(text);
  refuseRepeatedMembers(text);
  refuseUnstorable(value);
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpError("invalid_json", "The body is not valid JSON.");
  }
}

/** Walks text that is known to be valid JSON: only strings, brackets and commas matter. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]/g;

function refuseRepeatedMembers(text: string): void {
  const levels: (Set<string> | null)[] = [];
  let pending: string | null = null;
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === "{" || token === "[") levels.push(token === "{" ? new Set() : null);
    else if (token === "}" || token === "]") levels.pop();
    else if (token === ":") addMember(levels.at(-1), pending);
    pending = token.startsWith('"') ? token : null;
    if (levels.length > DEPTH_MAX)
      throw new HttpError("invalid_json", `The body is nested deeper than ${DEPTH_MAX} levels.`);
  }
}

function addMember(members: Set<string> | null | undefined, token: string | null): void {
  if (!members || token === null) return;
  const name = String(JSON.parse(token));
  if (members.has(name)) throw new HttpError("invalid_json", `The member ${JSON.stringify(name)} is given twice.`);
  members.add(name);
}

/** Throws 422 for what PostgreSQL cannot hold (NUL, half a surrogate pair) or JavaScript must not be handed. */
export function refuseUnstorable(value: unknown): void {
  const fields = [...findUnstorable(value, "")].slice(0, 20);
  if (fields.length > 0) throw new DomainError("invalid_request", fields[0]?.detail ?? "", fields);
}

function* findUnstorable(value: unknown, pointer: string): Generator<FieldError> {
  if (typeof value === "string" && !isStorable(value)) {
    yield { pointer, code: "invalid_text", detail: "The text has a character that cannot be stored." };
  }
  if (typeof value !== "object" || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    const at = `${pointer}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    if (name === "__proto__" || !isStorable(name)) {
      yield { pointer: at, code: "unknown_field", detail: "There is no such field here. Take it out." };
    } else {
      yield* findUnstorable(member, at);
    }
  }
}

function isStorable(text: string): boolean {
  return !text.includes("\0") && text.isWellFormed();
}
