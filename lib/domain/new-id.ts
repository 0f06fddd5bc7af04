import { v7 as uuidv7 } from "uuid";

/** A new identifier: a kind prefix and a UUIDv7, so that ids sort by the time they were made. */
export function newId(prefix: string): string {
  return `${prefix}_${uuidv7().replaceAll("-", "")}`;
}
