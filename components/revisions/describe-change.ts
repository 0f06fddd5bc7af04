import { describeValue, diffFields } from "#components/diff/diff-fields.ts";
import { exactNumber } from "#components/format/number.ts";
import { describePlan } from "#components/revisions/describe-plan.ts";
import { describeRoute } from "#components/revisions/describe-route.ts";
import { describeUpstream } from "#components/revisions/describe-upstream.ts";
import {
  PlanDocument,
  PriceDocument,
  type PricePerMillion,
  RouteDocument,
  UpstreamDocument,
} from "#lib/contract/policy-document.ts";
import type { DraftView } from "#lib/domain/draft/schemas.ts";

/** One difference between two policy documents, as `GET /draft` lists it; who edited it last is known of a draft only. */
export type PolicyChange = Omit<DraftView["changes"][number], "lastEdit"> &
  Partial<Pick<DraftView["changes"][number], "lastEdit">>;

/** Names of upstreams by id, for sentences about targets. */
export type UpstreamNames = ReadonlyMap<string, string>;

/** What a change does, in sentences. Where the document is of a form this console does not know: field by field. */
export function describeChange(change: PolicyChange, upstreams: UpstreamNames): string[] {
  if (change.op === "remove") return [];
  const sentences = sentencesOf(change, upstreams) ?? fieldSentences(change);
  return sentences.length === 0 && change.op === "update" ? [unnoticed] : sentences;
}

const unnoticed = "Nothing that a caller would notice: only ids or the order of things differ.";

function sentencesOf({ resource, before, after }: PolicyChange, upstreams: UpstreamNames): string[] | null {
  switch (resource) {
    case "plan":
      return withBoth(PlanDocument, before, after, describePlan);
    case "upstream":
      return withBoth(UpstreamDocument, before, after, describeUpstream);
    case "route":
      return withBoth(RouteDocument, before, after, (from, to) => describeRoute(from, to, upstreams));
    case "price":
      return withBoth(PriceDocument.loose(), before, after, describePrice);
  }
}

/** Parses both sides; null where one does not parse. `from` is null for what is new. */
function withBoth<T>(
  schema: { safeParse: (value: unknown) => { success: true; data: T } | { success: false } },
  before: unknown,
  after: unknown,
  words: (from: T | null, to: T) => string[],
): string[] | null {
  const to = schema.safeParse(after);
  if (!to.success) return null;
  if (before === null || before === undefined) return words(null, to.data);
  const from = schema.safeParse(before);
  return from.success ? words(from.data, to.data) : null;
}

function fieldSentences({ before, after }: PolicyChange): string[] {
  return diffFields(before, after).map(
    (field) => `${field.path}: ${describeValue(field.before)} becomes ${describeValue(field.after)}.`,
  );
}

const noPrice = "no price";
const priceWords = [
  ["input", "Input"],
  ["cachedInput", "Cached input"],
  ["cacheWrite", "Cache writes"],
  ["output", "Output"],
] as const;

function describePrice(from: PriceDocument | null, to: PriceDocument): string[] {
  const sentences = priceWords.flatMap(([key, words]) =>
    priceSentence(words, perMillion(from?.[key] ?? null), perMillion(to[key])),
  );
  const [old, next] = [perThousand(from), perThousand(to)];
  return [...sentences, ...priceSentence("Requests", old, next)];
}

function priceSentence(words: string, old: string, next: string): string[] {
  if (old === next) return [];
  return old === noPrice ? [`${words}: ${next}.`] : [`${words}: ${next} instead of ${old}.`];
}

function perThousand(price: PriceDocument | null): string {
  return price?.perThousandRequests ? `$${price.perThousandRequests} a thousand` : noPrice;
}

function perMillion(tiers: PricePerMillion | null): string {
  if (!tiers) return noPrice;
  return tiers
    .map(
      ({ fromTokens, dollars }) =>
        `$${dollars} a million tokens${fromTokens > 0 ? ` from ${exactNumber(fromTokens)} on` : ""}`,
    )
    .join(", ");
}
