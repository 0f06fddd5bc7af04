/**
 * A share between 0 and 1 as a CSS length. Two decimals, as browsers keep no more than six digits: a longer one would
 * differ between the server's markup and the page.
 */
export function cssPercent(share: number): string {
  return `${Math.round(Math.min(1, Math.max(0, share)) * 10_000) / 100}%`;
}
