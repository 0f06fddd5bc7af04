/**
 * Money is integer nano-dollars (10⁻⁹ USD) inside and a decimal string ("25.00") in JSON.
 * Floats never touch it: $0.0375 per million tokens is not a whole number of nano-dollars per token,
 * so prices are kept per million tokens and a call's cost is rounded up once (see `lib/policy/price.ts`).
 */
const NANOS_PER_DOLLAR = 1_000_000_000n;
const DECIMAL = /^(0|[1-9]\d{0,11})(?:\.(\d{1,9}))?$/;

/** Parses a non-negative decimal string with at most 9 decimals. Throws `RangeError` on anything else. */
export function parseMoney(decimal: string): bigint {
  const match = DECIMAL.exec(decimal);
  if (!match) throw new RangeError(`"${decimal}" is not a non-negative decimal amount with at most 9 decimals`);
  const [, whole = "0", fraction = ""] = match;
  return BigInt(whole) * NANOS_PER_DOLLAR + BigInt(fraction.padEnd(9, "0"));
}

/** Writes nano-dollars as the shortest decimal string with at least two decimals: 25_000_000_000n → "25.00". */
export function formatMoney(nanos: bigint): string {
  const sign = nanos < 0n ? "-" : "";
  const absolute = nanos < 0n ? -nanos : nanos;
  const fraction = (absolute % NANOS_PER_DOLLAR).toString().padStart(9, "0").replace(/0+$/, "").padEnd(2, "0");
  return `${sign}${absolute / NANOS_PER_DOLLAR}.${fraction}`;
}

/** Whether the text is an amount that `parseMoney` accepts. */
export function isMoney(text: string): boolean {
  return DECIMAL.test(text);
}
