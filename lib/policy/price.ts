import { formatMoney, parseMoney } from "#lib/contract/money.ts";
import type { PriceDocument, PricePerMillion } from "#lib/contract/policy-document.ts";
import type { CallOutcome, TokenUsage } from "#lib/contract/usage-event.ts";

/** What a call cost, and the arithmetic as one line a person can check. */
export interface Price {
  readonly costNanos: bigint;
  readonly line: string;
}

/** Prices are per million units, or per thousand requests: nothing is divided until the one rounding at the end. */
const PER = 1_000_000n;

/** Parsed prices: a node prices every call with the same few. Bounded, since revisions come and go. */
const parsed = new Map<string, bigint>();
const PARSED_MAX = 2_000;

function nanosOf(dollars: string): bigint {
  const known = parsed.get(dollars);
  if (known !== undefined) return known;
  const nanos = parseMoney(dollars);
  if (parsed.size >= PARSED_MAX) parsed.clear();
  parsed.set(dollars, nanos);
  return nanos;
}

function dollarsAt(tiers: PricePerMillion, inputTokens: number): string {
  let best = tiers[0];
  for (const tier of tiers) {
    if (tier.fromTokens <= inputTokens && (best === undefined || tier.fromTokens >= best.fromTokens)) best = tier;
  }
  return best?.dollars ?? "0";
}

/** The sum in millionths of a nano-dollar; null when the price says nothing of something used. Notes what it adds in `parts`. */
function millionthsOf(price: PriceDocument, usage: TokenUsage, parts: string[] | null): bigint | null {
  let millionths = 0n;
  const charge = (tokens: number, tiers: PricePerMillion | null, label: string): boolean => {
    if (tokens === 0) return true;
    if (tiers === null) return false;
    const dollars = dollarsAt(tiers, usage.inputTokens);
    millionths += BigInt(tokens) * nanosOf(dollars);
    parts?.push(`${tokens} ${label} x $${dollars}/M`);
    return true;
  };
  const cached = Math.min(usage.cachedInputTokens, usage.inputTokens);
  const cachedPrice = price.cachedInput ?? price.input;
  const written = Math.min(usage.cacheWriteTokens, usage.inputTokens - cached);
  if (!charge(usage.inputTokens - cached - written, price.input, "in")) return null;
  if (!charge(cached, cachedPrice, "cached in")) return null;
  if (!charge(written, price.cacheWrite ?? price.input, "cache write")) return null;
  if (!charge(usage.outputTokens, price.output, "out")) return null;
  if (price.perThousandRequests !== null) {
    millionths += nanosOf(price.perThousandRequests) * 1_000n;
    parts?.push(`1 request x $${price.perThousandRequests}/K`);
  }
  return millionths;
}

const roundedUp = (millionths: bigint): bigint => (millionths + PER - 1n) / PER;

/**
 * Prices a call in nano-dollars, rounded up once. Cached input and cache writes are charged at their own price where there
 * is one and as plain input otherwise; a tier applies to the whole call once its input reaches it. Returns null when the price says
 * nothing of something that was used: an unknown cost is not a cost of zero.
 */
export function priceCall(price: PriceDocument, usage: TokenUsage): Price | null {
  const parts: string[] = [];
  const millionths = millionthsOf(price, usage, parts);
  if (millionths === null) return null;
  const costNanos = roundedUp(millionths);
  const sum = parts.length === 0 ? "nothing used" : parts.join(" + ");
  return { costNanos, line: `${sum} = $${formatMoney(costNanos)}` };
}

/** What of a finished call says whether anything is charged for. */
export interface FinishedCall {
  readonly action: string;
  readonly outcome: CallOutcome;
  readonly cache: "hit" | "miss" | "bypass";
  readonly usage: TokenUsage;
}

/** Whether anything is charged for, and whether it can be priced. */
function isCharged({ action, outcome, cache, usage }: FinishedCall, price: PriceDocument | null) {
  const isPricedRest = action === "http" && outcome === "ok" && price !== null;
  const isUsed = cache !== "hit" && (usage.source !== "none" || isPricedRest);
  const isKnown = usage.source !== "estimate" || usage.inputTokens + usage.outputTokens > 0;
  return { isUsed, document: isUsed && isKnown ? price : null };
}

/** `price` is null where nothing was used, and where what was used has no known price: `isUsed` tells the two apart. */
export interface Charge {
  readonly isUsed: boolean;
  readonly price: Price | null;
}

/**
 * What a finished call is charged, by the price of the target that answered (null: it has none). What was paid for once is
 * given again for nothing; a REST call that went well costs what its upstream charges for a request, where it does; an
 * estimate of nothing is of something that is not counted in tokens, and what that cost is not known.
 */
export function chargeOf(call: FinishedCall, price: PriceDocument | null): Charge {
  const { isUsed, document } = isCharged(call, price);
  return { isUsed, price: document === null ? null : priceCall(document, call.usage) };
}

/** A charge in nano-dollars; null where it is not known. */
export function costNanosOf({ isUsed, price }: Charge): bigint | null {
  return isUsed ? (price?.costNanos ?? null) : 0n;
}

/** `costNanosOf` a call's charge, without the arithmetic in words: for many calls at once. */
export function chargedNanos(call: FinishedCall, price: PriceDocument | null): bigint | null {
  const { isUsed, document } = isCharged(call, price);
  if (!isUsed) return 0n;
  const millionths = document === null ? null : millionthsOf(document, call.usage, null);
  return millionths === null ? null : roundedUp(millionths);
}
