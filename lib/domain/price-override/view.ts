import type { PriceOverride } from "#prisma/generated/client.ts";
import type { PriceDocument } from "../../contract/policy-document.ts";
import { etagOf } from "../etag.ts";
import { PriceInput, type PriceOverrideView } from "./schemas.ts";

/** The parts of an override that a person writes, as the row holds them. */
export function overrideFields({ provider, model, price }: PriceOverride) {
  return { provider, model, price: PriceInput.parse(price) };
}

/** An override as the draft has it. */
export function overrideView(row: PriceOverride): PriceOverrideView {
  return {
    id: row.id,
    ...overrideFields(row),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    etag: etagOf(row.version),
  };
}

/** An override as a revision carries it. */
export function overrideDocument(row: PriceOverride): PriceDocument {
  const { provider, model, price } = overrideFields(row);
  return { provider, model, ...price, isOverride: true };
}
