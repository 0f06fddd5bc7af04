import { z } from "zod";
import { notFound } from "../errors.ts";
import { mutation, query } from "../verb.ts";
import { DeclarationList, ReleaseInput } from "./schemas.ts";

/** Which declarations own something, by name. */
export const listDeclarations = query({
  name: "declaration.list",
  permission: "declaration.read",
  input: z.strictObject({}),
  output: DeclarationList,
  async run({ tx }) {
    const groups = await tx.declaredResource.groupBy({
      by: ["declaration"],
      _count: { resourceId: true },
      _max: { appliedAt: true },
      orderBy: { declaration: "asc" },
    });
    const data = groups.map(({ declaration, _count, _max }) => ({
      name: declaration,
      resources: _count.resourceId,
      appliedAt: _max.appliedAt?.toISOString() ?? "",
    }));
    return { data, nextCursor: null };
  },
});

/** Lets go of everything a declaration owns; the things themselves stay as they are. 404. */
export const releaseDeclaration = mutation({
  name: "declaration.release",
  permission: "declaration.write",
  input: ReleaseInput,
  output: z.null(),
  async run({ tx }, { name }) {
    const { count } = await tx.declaredResource.deleteMany({ where: { declaration: name } });
    if (count === 0) throw notFound("declaration");
    return { output: null, audit: { resource: "declaration", id: name, name, before: { resources: count } } };
  },
});
