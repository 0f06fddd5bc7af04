import { z } from "zod";
import { Id } from "../contract/names.ts";

type Json = unknown;

/** A JSON object from outside. */
export const JsonObject = z.record(z.string(), z.unknown());

/** Input of every change: which thing, and a JSON merge patch (RFC 7396) of its writable fields. */
export const PatchInput = z.strictObject({ id: Id, patch: JsonObject });

/** Applies a merge patch: null removes a member, objects merge, everything else replaces. Never touches its arguments. */
export function mergePatch(target: Json, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const merged = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else merged.set(key, mergePatch(merged.get(key), value));
  }
  return Object.fromEntries(merged);
}

function isObject(value: Json): value is Record<string, Json> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
