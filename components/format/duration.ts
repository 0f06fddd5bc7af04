const secondMs = 1_000;
const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;

/** A span by its size: `0.4 ms`, `340 ms`, `1.24 s`, `2 m 05 s`, `3 h 12 m`, `4 d 6 h`. */
export function formatDuration(durationMs: number): string {
  const size = Math.abs(durationMs);
  const sign = durationMs < 0 ? "−" : "";
  if (size === 0) return "0 ms";
  if (size < 10) return `${sign}${Number(size.toPrecision(2))} ms`;
  if (size < 999.5) return `${sign}${Math.round(size)} ms`;
  if (size < minuteMs - 5) return `${sign}${Number((size / secondMs).toPrecision(3))} s`;
  if (size < minuteMs) return `${sign}1 m`;
  if (size < hourMs) return `${sign}${pair(size, minuteMs, "m", secondMs, "s")}`;
  if (size < dayMs) return `${sign}${pair(size, hourMs, "h", minuteMs, "m")}`;
  const days = Math.floor(size / dayMs);
  const hours = Math.floor((size % dayMs) / hourMs);
  return `${sign}${days} d${hours === 0 ? "" : ` ${hours} h`}`;
}

function pair(size: number, bigMs: number, bigSign: string, smallMs: number, smallSign: string): string {
  const big = Math.floor(size / bigMs);
  const small = Math.floor((size % bigMs) / smallMs);
  return `${big} ${bigSign}${small === 0 ? "" : ` ${String(small).padStart(2, "0")} ${smallSign}`}`;
}

/** The exact span in milliseconds, for hover: `1,240.331 ms`. */
export function exactDuration(durationMs: number): string {
  return `${new Intl.NumberFormat("en-US", { maximumFractionDigits: 3 }).format(durationMs)} ms`;
}
