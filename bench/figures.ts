import type { Burst } from "./cases.ts";

/** The bursts of one case, by contender. */
export type Bursts = ReadonlyMap<string, readonly Burst[]>;
export type Figures = Record<string, number | null>;

/** A figure that the node must reach; a bound of `docs/performance.md`. */
interface Must {
  readonly case: string;
  readonly figure: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

const MUSTS: readonly Must[] = [
  { case: "unary, 64 connections", figure: "cpuOverNginx", atMost: 3.2 },
  { case: "unary, 64 connections", figure: "portkeyOverThis", atLeast: 12 },
  { case: "unary, 64 connections", figure: "cpuOverBareNode", atMost: 1.15 },
  { case: "unary, one connection", figure: "addedOverNginx", atMost: 2.5 },
  { case: "64 KB prompts", figure: "cpuOverNginx", atMost: 3 },
  { case: "first byte of a stream", figure: "p50OverNginx", atMost: 3.5 },
  { case: "256 paced streams", figure: "cpuOverNginx", atMost: 2.8 },
];
export const RESIDENT_MB_MAX = 160;

/** What of the node's figures in a case is not what it must be, in words. */
export function missed(caseName: string, figures: Figures): string[] {
  return MUSTS.filter((must) => must.case === caseName).flatMap(({ figure, atMost, atLeast }) => {
    const value = figures[figure] ?? null;
    if (value === null) return [];
    if (atMost !== undefined && value > atMost) return [`${figure} ${value} > ${atMost}`];
    return atLeast !== undefined && value < atLeast ? [`${figure} ${value} < ${atLeast}`] : [];
  });
}

/** One contender's figures in one case: medians, and ratios to the others in the same run. */
export function figuresOf(name: string, bursts: Bursts): Figures {
  const figure = (of: string, key: keyof Burst): number | null => {
    const rows = bursts.get(of);
    return rows === undefined ? null : median(rows.map((burst) => burst[key]));
  };
  const isProxy = name !== "direct";
  const cpu = isProxy ? figure(name, "cpuPer10k") : null;
  const p50 = figure(name, "p50Ms");
  const direct = figure("direct", "p50Ms");
  return {
    perSecond: rounded(figure(name, "perSecond"), 0),
    cpuPer10k: rounded(cpu, 3),
    cpuOverNginx: ratio(cpu, figure("nginx", "cpuPer10k")),
    cpuOverBareNode: ratio(cpu, figure("node:http", "cpuPer10k")),
    portkeyOverThis: ratio(figure("portkey", "cpuPer10k"), cpu),
    p50Ms: rounded(p50, 3),
    p99Ms: rounded(figure(name, "p99Ms"), 2),
    p50OverNginx: isProxy ? ratio(p50, figure("nginx", "p50Ms")) : null,
    addedOverNginx: isProxy ? ratio(less(p50, direct), less(figure("nginx", "p50Ms"), direct)) : null,
  };
}

function less(value: number | null, by: number | null): number | null {
  return value === null || by === null ? null : value - by;
}

function ratio(value: number | null, to: number | null): number | null {
  return value === null || to === null || to <= 0 ? null : rounded(value / to, 2);
}

function rounded(value: number | null, places: number): number | null {
  return value === null ? null : Number(value.toFixed(places));
}

/** The middle of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
