const suffixes = [
  { from: 1e9, sign: "G" },
  { from: 1e6, sign: "M" },
  { from: 1e3, sign: "k" },
] as const;

const exact = new Intl.NumberFormat("en-US", { maximumFractionDigits: 6 });

/** Every digit, thousands separated: `1,240,331`. */
export function exactNumber(value: number): string {
  return exact.format(value);
}

/** Three significant digits and a size letter from ten thousand on: `9,812`, `12.4 k`, `1.24 M`. */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  if (size < 10_000) return exact.format(Math.round(value * 100) / 100);
  const suffix = suffixes.find((candidate) => size >= candidate.from * 0.9995);
  if (!suffix) return exact.format(value);
  return `${threeDigits(value / suffix.from)} ${suffix.sign}`;
}

/** LLM tokens by size: `812 tok`, `1.24 M tok`. */
export function formatTokens(value: number): string {
  return `${formatNumber(value)} tok`;
}

/** Bytes by size, in powers of 1,024: `812 B`, `3.2 MiB`. */
export function formatBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"] as const;
  let value = bytes;
  let index = 0;
  while (Math.abs(value) >= 1024 && index < units.length - 1) {
    value /= 1024;
    index += 1;
  }
  return `${index === 0 ? exact.format(value) : threeDigits(value)} ${units[index]}`;
}

/** A share between 0 and 1 in percent: `0 %`, `<0.1 %`, `4.2 %`, `97 %`; never rounds up to 100 or down to 0. */
export function formatPercent(share: number): string {
  const percent = share * 100;
  const size = Math.abs(percent);
  if (size === 0) return "0 %";
  if (size < 0.1) return "<0.1 %";
  if (size < 10) return `${trimZeros(percent.toFixed(1))} %`;
  if (size > 99 && size < 100) return `${trimZeros((Math.floor(percent * 10) / 10).toFixed(1))} %`;
  return `${exact.format(Math.round(percent))} %`;
}

function threeDigits(value: number): string {
  return trimZeros(value.toPrecision(3));
}

function trimZeros(text: string): string {
  return text.includes(".") && !text.includes("e") ? text.replace(/\.?0+$/, "") : text;
}
