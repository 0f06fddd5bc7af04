import { describe, expect, it } from "vitest";
import { PERMISSIONS } from "#lib/contract/permissions.ts";
import { permissionGroups } from "./role-words.ts";

describe("permissionGroups", () => {
  it("says every permission once, in words of its own", () => {
    const said = permissionGroups.flatMap((group) => group.permissions);
    expect(said.map(([permission]) => permission).toSorted()).toEqual([...PERMISSIONS].toSorted());
    expect(new Set(said.map(([, words]) => words)).size).toBe(said.length);
  });
});
