import { canonicalJson } from "../../contract/canonical.ts";
import type { FieldChange, ThingKind } from "./schemas.ts";

/** Fields of a thing in the words of a declaration: names instead of ids, every default filled in, plain JSON. */
export type Fields = Record<string, unknown>;

/** Something that a declaration names. */
export interface DeclaredThing {
  kind: ThingKind;
  key: string;
  pointer: string;
  fields: Fields;
  /** For a credential: where its secret comes from. */
  secret?: string;
}

/** The same thing as it is now. */
export interface PresentThing {
  kind: ThingKind;
  key: string;
  id: string;
  fields: Fields;
}

/** What was recorded when a declaration was last applied. */
export interface OwnedThing {
  kind: ThingKind;
  id: string;
  declaration: string;
  key: string;
  applied: Fields;
}

/** One JSON pointer segment. */
export function segment(name: string | number): string {
  return `/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** A value as it looks after a trip through JSON: without what is undefined. */
export function plain(value: object): Fields {
  return JSON.parse(JSON.stringify(value));
}

/** The fields in which two things differ, in the order of the second. */
export function differences(before: Fields, after: Fields): FieldChange[] {
  const names = [...new Set([...Object.keys(after), ...Object.keys(before)])];
  return names.flatMap((field) => {
    const [old, fresh] = [before[field] ?? null, after[field] ?? null];
    return canonicalJson(old) === canonicalJson(fresh) ? [] : [{ field, before: old, after: fresh }];
  });
}

/** The JSON merge patch (RFC 7396) that makes `to` of `from`: members that go are null, lists are replaced. */
export function mergePatchTo(from: Fields, to: Fields): Fields {
  const patch: Fields = {};
  for (const name of new Set([...Object.keys(from), ...Object.keys(to)])) {
    const [old, fresh] = [from[name], to[name]];
    if (canonicalJson(old ?? null) === canonicalJson(fresh ?? null)) continue;
    patch[name] = isObject(old) && isObject(fresh) ? mergePatchTo(old, fresh) : (fresh ?? null);
  }
  return patch;
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
