import { describe, expect, it } from "vitest";
import type { PolicyDocument } from "#lib/contract/policy-document.ts";
import { documentChanges, emptyDocument } from "./document-changes.ts";

const plan = (id: string, limit: number) => ({
  id,
  name: `plan ${id}`,
  rateLimits: [
    { metric: "requests" as const, limit, windowSeconds: 60, per: "consumer" as const, mode: "enforce" as const },
  ],
  routes: ["*"],
});
const withPlans = (...plans: PolicyDocument["plans"]): PolicyDocument => ({ ...emptyDocument, plans });

describe("documentChanges", () => {
  it("tells added, changed and removed apart, and leaves the same alone", () => {
    const before = withPlans(plan("a", 1), plan("b", 1), plan("c", 1));
    const after = withPlans(plan("b", 1), plan("c", 2), plan("d", 1));
    expect(documentChanges(before, after).map(({ op, id }) => `${op} ${id}`)).toEqual([
      "update c",
      "add d",
      "remove a",
    ]);
    expect(documentChanges(before, before)).toEqual([]);
  });
});
