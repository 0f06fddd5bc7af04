import { z } from "zod";
import { PolicyDocument } from "../../contract/policy-document.ts";
import { invalidField, notFound } from "../errors.ts";
import { decodeCursor, encodeCursor, PageInput } from "../page.ts";
import { query } from "../verb.ts";
import { placeOf } from "./place.ts";
import { RevisionDetail, RevisionNumber, RevisionPage } from "./schemas.ts";
import { revisionView } from "./view.ts";

/** One revision with its document. 404. */
export const getRevision = query({
  name: "revision.get",
  permission: "revision.read",
  input: z.strictObject({ number: RevisionNumber }),
  output: RevisionDetail,
  async run(ctx, { number }) {
    const row = await ctx.tx.revision.findUnique({ where: { number } });
    if (!row) throw notFound("revision");
    return {
      ...revisionView(row, await placeOf(ctx.tx, [number])),
      document: PolicyDocument.parse(JSON.parse(row.document)),
    };
  },
});

/** Revisions without their documents, newest first. */
export const listRevisions = query({
  name: "revision.list",
  permission: "revision.read",
  input: PageInput.omit({ q: true }),
  output: RevisionPage,
  async run(ctx, { limit, cursor }) {
    const before = decodeCursor(cursor);
    if (before !== undefined && !/^\d{1,9}$/.test(before))
      throw invalidField("/cursor", "invalid_cursor", "This is not a cursor that this list gave out.");
    const where = before === undefined ? {} : { number: { lt: Number(before) } };
    const rows = await ctx.tx.revision.findMany({
      where,
      orderBy: { number: "desc" },
      take: limit + 1,
      omit: { document: true },
    });
    const shown = rows.slice(0, limit);
    const place = await placeOf(
      ctx.tx,
      shown.map(({ number }) => number),
    );
    const last = shown.at(-1);
    return {
      data: shown.map((row) => revisionView(row, place)),
      nextCursor: rows.length > limit && last ? encodeCursor(String(last.number)) : null,
    };
  },
});
