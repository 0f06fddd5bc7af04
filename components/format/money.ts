const decimalPattern = /^(-?)(\d+)(?:\.(\d+))?$/;

/** A money amount as the API sends it: an exact decimal string in the organisation's currency ("25.00"). */
export type Decimal = string;

function parts(amount: Decimal): { sign: string; whole: string; fraction: string } {
  const match = decimalPattern.exec(amount);
  if (!match) throw new RangeError("A money amount must be a decimal string.");
  return { sign: match[1] ?? "", whole: match[2] ?? "0", fraction: match[3] ?? "" };
}

function grouped(whole: string): string {
  return whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** Every digit the API sent, with thousands separated and at least two decimals: `$1,204.5` → `$1,204.50`. */
export function exactMoney(amount: Decimal, symbol = "$"): string {
  const { sign, whole, fraction } = parts(amount);
  return `${sign}${symbol}${grouped(whole)}.${fraction.replace(/0+$/, "").padEnd(2, "0")}`;
}

/**
 * Money by its size: `$0`, `$0.0042` (two significant digits below a cent), `$3.41`, `$1,204`, `$12.4 k`, `$3.2 M`.
 * Rounded for reading; show `exactMoney` on hover.
 */
export function formatMoney(amount: Decimal, symbol = "$"): string {
  const { sign } = parts(amount);
  const value = Math.abs(Number(amount));
  const front = `${value === 0 ? "" : sign}${symbol}`;
  if (value === 0) return `${front}0`;
  if (value < 0.01) return `${front}${smallDecimal(value)}`;
  if (value < 999.995) return `${front}${value.toFixed(2)}`;
  if (value < 9_999.5) return `${front}${grouped(value.toFixed(0))}`;
  if (value < 999_950) return `${front}${trimmed(value / 1e3)} k`;
  if (value < 999_950_000) return `${front}${trimmed(value / 1e6)} M`;
  return `${front}${trimmed(value / 1e9)} G`;
}

function trimmed(value: number): string {
  return value.toFixed(1).replace(/\.0$/, "");
}

function smallDecimal(value: number): string {
  const zeros = Math.floor(-Math.log10(value));
  return value.toFixed(Math.min(12, zeros + 2)).replace(/0+$/, "");
}
